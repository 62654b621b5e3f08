import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { familyAttemptTimeoutMs } from './dual-stack.ts';
import { hostOf, portOf, proxyName } from './proxy-for.ts';

/** The proxy opened no connection. No byte of the request was sent to the target. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Target and limits of {@link openTunnel}. */
export interface Tunnel {
  host: string;
  port: number;
  /** Limit for the connection to the proxy and its answer. */
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Opens a connection to a host through a proxy, with CONNECT for both https and http. The proxy resolves the host name.
 *
 * @throws {ProxyError} `EPROXYREFUSED` if the proxy answers with a status other than 2xx; else the code of the socket.
 */
export function openTunnel(proxy: URL, { host, port, timeoutMs, signal }: Tunnel): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const name = proxyName(proxy);
  return new Promise((resolve, reject) => {
    const options = {
      method: 'CONNECT',
      host: hostOf(proxy),
      port: portOf(proxy),
      path: target,
      headers: { host: target, ...authorization(proxy) },
      agent: false,
      autoSelectFamilyAttemptTimeout: familyAttemptTimeoutMs,
      ...(signal && { signal }),
    };
    const outgoing = (proxy.protocol === 'https:' ? secureRequest : plainRequest)(options);
    const fail = (reason: string, code: string, cause?: unknown) => {
      clearTimeout(deadline);
      outgoing.destroy();
      reject(new ProxyError(`The proxy "${name}" ${reason}`, code, { cause }));
    };
    const expire = () => fail(`opened no connection within ${timeoutMs} ms`, 'ETIMEDOUT');
    const deadline = setTimeout(expire, timeoutMs);
    const refuse = (status: number | undefined) => fail(refusal(status, target), 'EPROXYREFUSED');
    outgoing.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return refuse(statusCode);
      }
      clearTimeout(deadline);
      resolve(socket);
    });
    outgoing.once('response', ({ statusCode }) => refuse(statusCode));
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        `cannot be reached: ${error.message || String(error.code)}`,
        error.code ?? 'EPROXY',
        error,
      ),
    );
    outgoing.end();
  });
}

function refusal(status: number | undefined, target: string): string {
  if (status === 407) return 'requires a user name and a password: add them to its URL';
  return `answered ${status ?? 'nothing'} to CONNECT "${target}"`;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
