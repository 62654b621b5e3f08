import { Connection } from '@temporalio/client';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const tryEveryMs = 50;
const connectTimeoutMs = 2_000;

/** Conditions of readiness. */
export interface ReadyOptions {
  address: string;
  namespaces: readonly string[];
  searchAttributes: readonly string[];
  timeoutMs: number;
  /** The reason to stop waiting: the server process has ended. */
  gone: () => string | undefined;
}

/**
 * Waits until a server responds and has its namespaces and search attributes.
 *
 * @returns Version that the server reports.
 * @throws {Error} The server has ended or is not ready in time; the cause is the last response.
 */
export async function waitUntilReady(options: ReadyOptions): Promise<string> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const answer = await knockAndAsk(options).catch((cause: unknown) => ({ cause }));
    // Checked after the response, because another server may have taken the port and responded.
    const gone = options.gone();
    if (gone) throw new Error(gone);
    if (typeof answer === 'string') return answer;
    if (Date.now() > deadline) {
      throw new Error(`not ready within ${options.timeoutMs / 1000} s`, { cause: answer.cause });
    }
    await delay(tryEveryMs);
  }
}

/** gRPC retries a refused connection only after a second, so the port is tested first. */
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
 * Reads version, namespaces and search attributes of a server once.
 *
 * @throws {Error} It does not respond, or something is missing.
 */
export async function askServer(
  options: Pick<ReadyOptions, 'address' | 'namespaces' | 'searchAttributes'>,
): Promise<string> {
  const connection = await Connection.connect({
    address: options.address,
    connectTimeout: connectTimeoutMs,
    // A server on this machine is never reached through a proxy, whatever the environment says.
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
