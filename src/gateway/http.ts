import { isIP, Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { BlockedAddressError, guardedLookup, isPrivateAddress } from './address-guard.ts';
import { decodeBody } from './decode-body.ts';
import type { RawUrl } from './raw-url.ts';
import { TransportError, type TransportFault, toTransportError } from './transport-error.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: RawUrl;
  headers: Record<string, string>;
  body?: Uint8Array;
  /** The operator's own origin: private addresses are allowed. */
  trusted: boolean;
  signal?: AbortSignal | undefined;
}

export interface ExchangeRequest extends HttpRequest {
  /** For everything: connection, head and body. */
  timeoutMs: number;
  maxBodyBytes: number;
}

export interface StreamRequest extends HttpRequest {
  headersTimeoutMs: number;
  /** The longest silence inside the body. */
  idleTimeoutMs: number;
}

export type HttpHeaders = Readonly<Record<string, string | undefined>>;

export interface HttpAnswer {
  status: number;
  headers: HttpHeaders;
  body: Buffer;
}

export interface HttpStream {
  status: number;
  headers: HttpHeaders;
  /** Rejects with a TransportError when the body breaks. */
  body: AsyncIterable<Uint8Array>;
  close: () => void;
}

/**
 * One request and its whole answer, over a connection of its own that is used once: no pool, no redirect, no second
 * try. A connection that died while idle can therefore never swallow a paid POST.
 *
 * @throws {TransportError} When no complete answer came.
 */
export async function exchange(request: ExchangeRequest): Promise<HttpAnswer> {
  const { timeoutMs, maxBodyBytes } = request;
  const line = openLine(request, { headersTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs });
  line.startDeadline(timeoutMs);
  try {
    const { statusCode, headers, body } = await line.send();
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of plainBody({ headers, body })) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBodyBytes) {
        throw new TransportError('too_large', `The body has more than ${maxBodyBytes} bytes`, {
          sent: true,
        });
      }
      chunks.push(chunk);
    }
    return { status: statusCode, headers: singleHeaders(headers), body: Buffer.concat(chunks) };
  } catch (error) {
    throw line.toError(error);
  } finally {
    line.close();
  }
}

/**
 * One request whose body is handed on as it arrives, with backpressure. The caller closes it, or reads it to its end.
 *
 * @throws {TransportError} When no head came.
 */
export async function openStream(request: StreamRequest): Promise<HttpStream> {
  const line = openLine(request, request);
  line.startDeadline(request.headersTimeoutMs);
  try {
    const { statusCode, headers, body } = await line.send();
    line.stopDeadline();
    // A stream that is closed unread must not raise an unhandled error.
    body.on('error', () => undefined);
    return {
      status: statusCode,
      headers: singleHeaders(headers),
      body: readThrough(plainBody({ headers, body }), line),
      close: line.close,
    };
  } catch (error) {
    line.close();
    throw line.toError(error);
  }
}

interface Line {
  send(): Promise<Dispatcher.ResponseData>;
  startDeadline(timeoutMs: number): void;
  stopDeadline(): void;
  toError(error: unknown): TransportError;
  close: () => void;
}

interface Progress {
  sent: boolean;
  socket?: Socket;
}

interface Timeouts {
  headersTimeoutMs: number;
  idleTimeoutMs: number;
}

/**
 * One Client for one request. `sent` turns true with the connection: from then on nobody knows what was read.
 *
 * The library looks at a signal only once it is connected, so deadline and cancellation end the Client itself.
 */
function openLine(request: HttpRequest, { headersTimeoutMs, idleTimeoutMs }: Timeouts): Line {
  const { signal } = request;
  const progress: Progress = { sent: false };
  const client = new Client(request.url.origin, {
    connect: connectOnce(request.trusted, progress),
    pipelining: 0,
    headersTimeout: headersTimeoutMs,
    bodyTimeout: idleTimeoutMs,
  });
  let deadline: NodeJS.Timeout | undefined;
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
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    send: () => {
      if (signal?.aborted) cancel();
      const { method, url, headers, body = null } = request;
      return client.request({ method, path: url.path, headers, body, idempotent: false });
    },
    startDeadline: (timeoutMs) => {
      const expire = () => fail('timeout', `No complete answer within ${timeoutMs} ms`);
      deadline = setTimeout(expire, timeoutMs);
    },
    stopDeadline: () => clearTimeout(deadline),
    toError: (error) => toTransportError(error, { sent: progress.sent, reason: signal?.reason }),
    close: () => end(null),
  };
}

function plainBody({
  headers,
  body,
}: Pick<Dispatcher.ResponseData, 'headers' | 'body'>): AsyncIterable<Uint8Array> {
  return decodeBody(body, singleHeaders(headers)['content-encoding']);
}

async function* readThrough(
  body: AsyncIterable<Uint8Array>,
  line: Line,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw line.toError(error);
  } finally {
    line.close();
  }
}

const connectTimeoutMs = 10_000;
const openConnector = buildConnector({ timeout: connectTimeoutMs });
const guardedConnector = buildConnector({ timeout: connectTimeoutMs, lookup: guardedLookup });

/** Opens one connection and refuses a second: undici would reconnect by itself after some socket errors. */
function connectOnce(trusted: boolean, progress: Progress): buildConnector.connector {
  const connector = trusted ? openConnector : guardedConnector;
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
    // Known before it is connected, so that a handshake that hangs can be ended.
    if (socket instanceof Socket) progress.socket = socket;
  };
}

/**
 * Without TLS a reset may overtake the news that the connection stood, so the same fault comes in two shapes: it is
 * told as the doubtful one both times.
 */
function wasReset(error: Error | null, protocol: string): boolean {
  return protocol === 'http:' && error !== null && 'code' in error && error.code === 'ECONNRESET';
}

/** An address written as a number never passes the lookup, so it is checked here. */
function refuseLiteral(trusted: boolean, hostname: string): Error | undefined {
  const blocked = !trusted && isIP(hostname) !== 0 && isPrivateAddress(hostname);
  return blocked ? new BlockedAddressError(hostname) : undefined;
}

function singleHeaders(headers: Dispatcher.ResponseData['headers']): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
