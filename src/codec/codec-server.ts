import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { PayloadKeyError } from './payload-key-error.ts';
import { payloadsFromJson, payloadsToJson } from './payload-json.ts';

/** A page of history has at most 4 MiB on the wire. Base64 makes it larger, and there is some margin. */
const maxBodyBytes = 16 * 1024 ** 2;
/** How long a browser may cache the preflight answer, in seconds. */
const preflightSeconds = 600;

/** Options of {@link startCodecServer}. */
export interface CodecServerOptions {
  codec: PayloadCodec;
  /** Gives access to all payloads. At least 16 characters that need no escaping in a URL. */
  token: string;
  /** Allowed CORS origins, e.g. `http://localhost:8233`. */
  corsOrigins: readonly string[];
  host: string;
  /** 0 selects a free port. */
  port: number;
}

/** A running codec server. */
export interface CodecServer extends AsyncDisposable {
  /** Without trailing slash and token. */
  url: string;
  /** Stops the server and closes all connections. */
  stop(): Promise<void>;
}

/**
 * Starts a server for Temporal's remote codec protocol: POST of `Payloads` as JSON to a path that ends in `/encode` or
 * `/decode`.
 *
 * The token is sent as `Authorization: Bearer …`, or as the second-to-last segment of the path. The Temporal UI sends
 * an Authorization header only for users who are signed in, and cannot be configured with a fixed one.
 *
 * @throws {Error} The port is in use.
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (given) => send(response, given, corsHeaders(request, options)),
      () => response.destroy(),
    );
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${host}:${port}`, stop, [Symbol.asyncDispose]: stop };
}

interface Answer {
  status: number;
  body?: string;
}

async function answer(request: IncomingMessage, options: CodecServerOptions): Promise<Answer> {
  const parts = new URL(request.url ?? '/', 'http://codec').pathname.split('/');
  const translate = translation(options.codec, parts.at(-1));
  if (!translate) return refused(404, 'POST to a path that ends in /encode or /decode');
  if (request.method === 'OPTIONS') return { status: 204 };
  if (request.method !== 'POST') return refused(405, 'Only POST is allowed');
  if (!isLetIn(request, parts.at(-2), options.token)) {
    return refused(401, 'Send the token as "Authorization: Bearer <token>", or as /<token>/decode');
  }
  const body = await readBody(request);
  if (body === null) return refused(413, `A body has at most ${maxBodyBytes} bytes`);
  return translated(body, translate);
}

type Translate = (payloads: Payload[]) => Promise<Payload[]>;

function translation(codec: PayloadCodec, verb = ''): Translate | null {
  if (verb === 'encode') return (payloads) => codec.encode(payloads);
  return verb === 'decode' ? (payloads) => codec.decode(payloads) : null;
}

async function translated(body: string, translate: Translate): Promise<Answer> {
  let payloads: Payload[];
  try {
    payloads = payloadsFromJson(body);
  } catch {
    return refused(400, 'The body is not a `Payloads` message in proto3 JSON');
  }
  try {
    return { status: 200, body: payloadsToJson(await translate(payloads)) };
  } catch (error) {
    if (error instanceof PayloadKeyError) return refused(400, error.message);
    throw error;
  }
}

function isLetIn(request: IncomingMessage, pathToken = '', token: string): boolean {
  const [, bearer = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return [bearer, pathToken].some((given) => timingSafeEqual(digest(given), digest(token)));
}

/** Digests have equal length, as a constant-time comparison requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Null if the body is too long. Checks Content-Length first, then the received bytes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function corsHeaders({ headers }: IncomingMessage, { corsOrigins }: CodecServerOptions) {
  const { origin } = headers;
  if (origin === undefined || !corsOrigins.includes(origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'Authorization, Content-Type, X-Namespace',
    'access-control-max-age': String(preflightSeconds),
  };
}

function refused(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ message }) };
}

function send(
  response: ServerResponse,
  { status, body }: Answer,
  cors: Record<string, string>,
): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  // The rest of an unread body must not be parsed as the next request.
  const end = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, { ...cors, ...type, ...end, 'cache-control': 'no-store' });
  response.end(body);
}

function listen(server: Server, { host, port }: CodecServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
