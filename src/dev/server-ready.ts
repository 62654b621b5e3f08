import { Connection } from '@temporalio/client';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const tryEveryMs = 50;
const connectTimeoutMs = 2_000;

/** What has to be true before a server counts as ready. */
export interface ReadyOptions {
  address: string;
  namespaces: readonly string[];
  searchAttributes: readonly string[];
  timeoutMs: number;
  /** Says why waiting is pointless, once it is: the server process is gone. */
  gone: () => string | undefined;
}

/**
 * Waits until a server answers, knows its namespaces and their search attributes.
 *
 * @returns Version of the server, as it says itself.
 * @throws {Error} When the server is gone or not ready in time, with the last answer as cause.
 */
export async function waitUntilReady(options: ReadyOptions): Promise<string> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const answer = await knockAndAsk(options).catch((cause: unknown) => ({ cause }));
    // Asked after the answer: while our server was starting, another one may have taken its port and answered.
    const gone = options.gone();
    if (gone) throw new Error(gone);
    if (typeof answer === 'string') return answer;
    if (Date.now() > deadline) {
      throw new Error(`not ready within ${options.timeoutMs / 1000} s`, { cause: answer.cause });
    }
    await delay(tryEveryMs);
  }
}

/** A refused gRPC connection is tried again by the library only a second later: knock on the port first. */
async function knockAndAsk(options: ReadyOptions): Promise<string> {
  const { hostname, port } = new URL(`tcp://${options.address}`);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
  return askServer(options);
}

/**
 * Asks a server once: its version, its namespaces and their search attributes.
 *
 * @throws {Error} When it does not answer, or something is missing.
 */
export async function askServer(
  options: Pick<ReadyOptions, 'address' | 'namespaces' | 'searchAttributes'>,
): Promise<string> {
  const connection = await Connection.connect({
    address: options.address,
    connectTimeout: connectTimeoutMs,
    // A server on this machine is never asked through a proxy, whatever the environment says.
    channelArgs: { 'grpc.enable_http_proxy': 0 },
  });
  try {
    for (const namespace of options.namespaces) {
      await connection.workflowService.describeNamespace({ namespace });
      const known = await connection.operatorService.listSearchAttributes({ namespace });
      const missing = options.searchAttributes.find((name) => !known.customAttributes?.[name]);
      if (missing) throw new Error(`Search attribute "${missing}" missing in "${namespace}"`);
    }
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return serverVersion;
  } finally {
    await connection.close();
  }
}
