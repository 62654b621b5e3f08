import { request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { decodeBody } from './decode-body.ts';
import { createDirectBody, type DirectBody } from './direct-body.ts';
import { refuseLiteral, type HttpHeaders, type HttpRequest } from './http.ts';
import { connectTimeoutMs } from './network.ts';
import { toTransportError, TransportError } from './transport-error.ts';

export interface StreamRequest extends Pick<
  HttpRequest,
  'url' | 'headers' | 'trusted' | 'network' | 'signal'
> {
  headersTimeoutMs: number;
  /** The longest time without data in the body while the caller is reading. */
  idleTimeoutMs: number;
}

export interface HttpStream {
  status: number;
  headers: HttpHeaders;
  /** Rejects with a TransportError if the transfer fails. A chunk is valid until the next one is requested. */
  body: AsyncIterable<Uint8Array>;
  close: () => void;
}

/**
 * Sends one GET and streams the body with backpressure. The caller must close it or read it to the end.
 *
 * Uses node:http, not undici: if a server closes while a body is paused, an assertion in undici 7 ends the whole process
 * (nodejs/undici#5360), and the fixed version needs Node 22. Both send path and query unchanged.
 *
 * @throws {TransportError} No response headers were received.
 */
export async function openStream(request: StreamRequest): Promise<HttpStream> {
  const { signal, idleTimeoutMs } = request;
  const host = hostOf(request);
  const line = send(request, host);
  const cancel = () => end(new TransportError('aborted', 'The exchange was cancelled', line));
  const end = (error?: Error) => {
    signal?.removeEventListener('abort', cancel);
    line.outgoing.destroy(error);
  };
  const toError = (error: unknown) =>
    request.network.named(
      toTransportError(error, { sent: line.sent, reason: signal?.reason }),
      request.url.origin,
    );
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const { incoming, direct } = await head(line, request.headersTimeoutMs);
    const expire = () =>
      incoming.destroy(new TransportError('timeout', `No byte within ${idleTimeoutMs} ms`, line));
    const headers = singleHeaders(incoming);
    const plain = decodeBody(direct ?? incoming, headers['content-encoding']);
    return {
      status: incoming.statusCode ?? 0,
      headers,
      body: readThrough(plain, { toError, end, idleTimeoutMs, expire }),
      close: () => end(),
    };
  } catch (error) {
    end();
    throw toError(error);
  }
}

interface Line {
  outgoing: ClientRequest;
  direct: DirectBody;
  sent: boolean;
}

/** Uses a new connection per request. */
function send({ url, headers, trusted, network }: StreamRequest, host: string): Line {
  const { protocol, port } = new URL(url.origin);
  const direct = createDirectBody();
  const options = {
    host,
    ...(port !== '' && { port }),
    path: url.path,
    headers,
    timeout: connectTimeoutMs,
    onread: direct.onread,
    ...network.socketOptions({ trusted, origin: url.origin }),
  };
  const outgoing = (protocol === 'https:' ? secureRequest : plainRequest)(options);
  const line: Line = { outgoing, direct, sent: false };
  outgoing.once('socket', (socket) => {
    line.sent ||= !socket.connecting;
    socket.once('connect', () => {
      line.sent = true;
    });
  });
  outgoing.end();
  return line;
}

/** Host name or IP address. A private IP address is refused here, because Node connects to it without a lookup. */
function hostOf({ url, trusted }: StreamRequest): string {
  const host = new URL(url.origin).hostname.replace(/^\[|\]$/g, '');
  const refusal = refuseLiteral(trusted, host);
  if (refusal) throw toTransportError(refusal, { sent: false });
  return host;
}

interface Head {
  incoming: IncomingMessage;
  /** The body, unless node:http has to read it. */
  direct: AsyncIterable<Uint8Array> | undefined;
}

function head(line: Line, timeoutMs: number): Promise<Head> {
  const { outgoing } = line;
  return new Promise((resolve, reject) => {
    const expire = () =>
      outgoing.destroy(new TransportError('timeout', `No headers within ${timeoutMs} ms`, line));
    const deadline = setTimeout(expire, timeoutMs);
    outgoing.once('timeout', () => {
      if (!outgoing.socket?.connecting) return;
      const message = `No connection within ${connectTimeoutMs} ms`;
      outgoing.destroy(new TransportError('timeout', message, line));
    });
    outgoing.once('response', (incoming) => {
      clearTimeout(deadline);
      // Prevents an unhandled error if the stream is closed unread.
      incoming.on('error', () => undefined);
      resolve({ incoming, direct: line.direct.take(incoming) });
    });
    outgoing.on('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
  });
}

interface Reading {
  toError: (error: unknown) => TransportError;
  end: () => void;
  idleTimeoutMs: number;
  expire: () => void;
}

/**
 * The idle timeout runs only while the caller waits for bytes. If the caller is slow, e.g. while writing, backpressure
 * makes the server wait and the socket is also idle.
 */
async function* readThrough(
  body: AsyncIterable<Uint8Array>,
  { toError, end, idleTimeoutMs, expire }: Reading,
): AsyncGenerator<Uint8Array> {
  let isWaiting = true;
  const idle = setTimeout(() => isWaiting && expire(), idleTimeoutMs);
  try {
    for await (const chunk of body) {
      isWaiting = false;
      yield chunk;
      isWaiting = true;
      idle.refresh();
    }
  } catch (error) {
    throw toError(error);
  } finally {
    clearTimeout(idle);
    end();
  }
}

function singleHeaders({ headers }: IncomingMessage): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
