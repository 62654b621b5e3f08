import { createServer } from 'node:net';

/** The only interface that development servers listen on. */
export const loopback = '127.0.0.1';

/**
 * Finds a free port on the loopback interface.
 *
 * Another process may take it before it is used; callers then try another one.
 */
export async function findFreePort(): Promise<number> {
  return listenOnce(0);
}

/** Whether the port is free at the moment. */
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
