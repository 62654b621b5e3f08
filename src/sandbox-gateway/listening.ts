import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chooseFor } from './scenarios/choose-scenario.ts';
import type { Runtime } from './runtime.ts';

/** Starts listening; resolves to the origin, without trailing slash. */
export async function listen(server: Server, at: { host: string; port: number }): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return `http://${host}:${port}`;
}

/** `submit-port-closed`: stops listening for a while, on the same port afterwards. */
export function closePort(runtime: Runtime, server: Server, host: string): void {
  const chosen = chooseFor('submit', [runtime.store.state.scenario]);
  if (chosen?.scenario.name !== 'submit-port-closed' || !server.listening) return;
  void close(server).then(async () => {
    await runtime.clock.sleep((chosen.value ?? 5) * 1000);
    if (!runtime.clock.stopped()) await openPort(runtime, server, host);
  });
}

/** Ends `submit-port-closed` before its time. */
export async function openPort(runtime: Runtime, server: Server, host: string): Promise<void> {
  if (server.listening) return;
  await listen(server, { host, port: Number(new URL(runtime.origins.gateway).port) });
}

/** Stops listening and breaks every connection, hanging ones too. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
