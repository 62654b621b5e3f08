import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { onTestFinished } from 'vitest';
import type { StoredVideo } from '../../../src/contract/stored-video.ts';
import type { VideoReader } from '../../../src/contract/video-reader.ts';
import { serveFile, type ServedFile } from '../../../src/serve/content/serve-file.ts';
import { toApiError } from '../../../src/serve/http/error-table.ts';

/** A stored video with these bytes. */
export function videoOf(bytes: Uint8Array): StoredVideo {
  return {
    key: 'videos/a.mp4',
    uri: 'file:///srv/videos/a.mp4',
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    contentType: 'video/mp4',
    durationSeconds: 5,
    width: 1280,
    height: 720,
    hasAudio: false,
    warnings: [],
  };
}

interface ListenOptions {
  /** Called when a connection has closed. */
  onDisconnect?: () => void;
}

/** A server of one file, which ends with the test. Errors are answered as JSON. Returns its address. */
export function contentServer(
  storage: VideoReader,
  served: ServedFile,
  options: ListenOptions = {},
): Promise<string> {
  return listen((request) => serveFile(request, storage, served).catch(errorResponse), options);
}

/** Serves on loopback until the test ends. Returns the address. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { onDisconnect = () => {} }: ListenOptions = {},
): Promise<string> {
  const server = createAdaptorServer({ fetch });
  server.on('connection', (socket: Socket) => socket.on('close', onDisconnect));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function errorResponse(error: unknown): Response {
  const { status, code, message, options } = toApiError(error);
  const { isFinal, retryAfterSeconds } = options;
  return Response.json({ code, message, isFinal, retryAfterSeconds }, { status });
}

/** Reads a response until it ends or breaks. */
export async function readBroken(url: string, headers: Record<string, string>) {
  const request = get(url, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    return { received: Buffer.concat(chunks), error: null };
  } catch (error) {
    return { received: Buffer.concat(chunks), error };
  }
}
