import { isIP, Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { BlockedAddressError, isPrivateAddress } from '../../egress/address-guard.ts';
import { decodeBody } from './decode-body.ts';
import type { Network } from './network.ts';
import type { RawUrl } from './raw-url.ts';
import { TransportError, type TransportFault, toTransportError } from './transport-error.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: RawUrl;
  headers: Record<string, string>;
  body?: Uint8Array;
  /** A trusted origin: private addresses are allowed. */
  trusted: boolean;
  network: Network;
  signal?: AbortSignal | undefined;
}

export interface ExchangeRequest extends HttpRequest {
  /** For the whole exchange: connection, headers and body. */
  timeoutMs: number;
  maxBodyBytes: number;
  /** Cuts a body that is longer or breaks off, instead of failing: only the status matters. */
  cutsBody?: true;
}

export type HttpHeaders = Readonly<Record<string, string | undefined>>;

export interface HttpAnswer {
  status: number;
  headers: HttpHeaders;
  body: Buffer;
}

/**
 * Sends one request over a new connection and reads the whole response: no connection pool, no redirects, no retries.
 * Thus a paid POST is never sent on a stale idle connection.
 *
 * @throws {TransportError} No complete response was received.
 */
export async function exchange(request: ExchangeRequest): Promise<HttpAnswer> {
  const line = openLine(request);
  try {
    const { statusCode, headers, body } = await line.send();
    const read = await readBody(plainBody({ headers, body }), request);
    return { status: statusCode, headers: singleHeaders(headers), body: read };
  } catch (error) {
    throw line.toError(error);
  } finally {
    line.close();
  }
}

async function readBody(
  body: AsyncIterable<Uint8Array>,
  { maxBodyBytes, cutsBody }: ExchangeRequest,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      chunks.push(chunk);
      if (sizeBytes <= maxBodyBytes) continue;
      if (cutsBody) break;
      const message = `The body has more than ${maxBodyBytes} bytes`;
      throw new TransportError('too_large', message, { sent: true });
    }
  } catch (error) {
    if (!cutsBody) throw error;
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes);
}

interface Line {
  send(): Promise<Dispatcher.ResponseData>;
  toError(error: unknown): TransportError;
  close: () => void;
}

interface Progress {
  sent: boolean;
  socket?: Socket;
}

/**
 * One Client per request. `sent` becomes true with the connection: from then on the server may have read the request.
 *
 * undici checks a signal only once it is connected, so timeout and cancellation destroy the Client itself. The body never
 * pauses the parser below the size limit: if a server closes during a pause, an assertion ends this process
 * (nodejs/undici#5360, not fixed in 7.x).
 */
function openLine(request: ExchangeRequest): Line {
  const { signal, timeoutMs, maxBodyBytes } = request;
  const progress: Progress = { sent: false };
  const client = new Client(request.url.origin, {
    connect: connectOnce(request, progress),
    pipelining: 0,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const end = (error: TransportError | null) => {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', cancel);
    client.destroy(error).catch(() => undefined);
    progress.socket?.destroy();
  };
  const fail = (fault: TransportFault, message: string) => {
    end(new TransportError(fault, message, progress));
  };
  const cancel = () => fail('aborted', 'The exchange was cancelled');
  const expire = () => fail('timeout', `No complete response within ${timeoutMs} ms`);
  const deadline = setTimeout(expire, timeoutMs);
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    send: () => {
      if (signal?.aborted) cancel();
      const { method, url, headers, body = null } = request;
      const options = { idempotent: false, highWaterMark: maxBodyBytes * 2 };
      return client.request({ method, path: url.path, headers, body, ...options });
    },
    toError: (error) =>
      request.network.named(
        toTransportError(error, { sent: progress.sent, reason: signal?.reason }),
        request.url.origin,
      ),
    close: () => end(null),
  };
}

function plainBody({
  headers,
  body,
}: Pick<Dispatcher.ResponseData, 'headers' | 'body'>): AsyncIterable<Uint8Array> {
  return decodeBody(body, singleHeaders(headers)['content-encoding']);
}

/** Opens one connection and refuses a second one, because undici reconnects automatically after some socket errors. */
function connectOnce(
  { trusted, network, url }: ExchangeRequest,
  progress: Progress,
): buildConnector.connector {
  const connector = network.connector({ trusted, origin: url.origin });
  let firstError: Error | undefined;
  let attempts = 0;
  return (options, callback) => {
    attempts += 1;
    const refusal =
      attempts > 1
        ? new Error(
            `No second connection for one exchange: ${firstError?.message ?? 'the first one closed'}`,
          )
        : refuseLiteral(trusted, options.hostname);
    if (refusal) {
      process.nextTick(() => callback(refusal, null));
      return;
    }
    const socket: unknown = connector(options, (...result) => {
      firstError = result[0] ?? undefined;
      progress.sent ||= Boolean(result[1]) || wasReset(result[0], options.protocol);
      callback(...result);
    });
    // Stored before it is connected, so that a hanging handshake can be aborted.
    if (socket instanceof Socket) progress.socket = socket;
  };
}

/**
 * Without TLS, a reset may be reported before the connect event, so it can look like a failed connection. Both cases are
 * treated as `sent`.
 */
function wasReset(error: Error | null, protocol: string): boolean {
  return protocol === 'http:' && error !== null && 'code' in error && error.code === 'ECONNRESET';
}

/** A literal IP address is not looked up, so it is checked here. */
export function refuseLiteral(trusted: boolean, hostname: string): Error | undefined {
  const blocked = !trusted && isIP(hostname) !== 0 && isPrivateAddress(hostname);
  return blocked ? new BlockedAddressError(hostname) : undefined;
}

function singleHeaders(headers: Dispatcher.ResponseData['headers']): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
