import { createServer } from 'node:net';

/** The only interface that development servers listen on. */
export const loopback = '127.0.0.1';

/**
 * Asks the system for a port on the loopback interface that nobody listens on.
 *
 * Another process may take it before it is used: callers try again with another one.
 */
export async function findFreePort(): Promise<number> {
  return listenOnce(0);
}

/** Says whether we could listen on the port just now. */
export async function isPortFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, loopback, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve(taken));
    });
  });
}
