/**
 * A separate process: serves one valid MP4 file of any size, generated in constant memory, with ranges and an ETag.
 * `/whole` sends it completely; `/cut` disconnects every few megabytes.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBoxes, withSize64 } from '../../src/sandbox-gateway/media-fixtures.ts';
import { readMediaFile } from '../../src/sandbox-gateway/media-library.ts';

const sizeBytes = Number(process.argv[2]);
const blockBytes = 1024 * 1024;
const cutEvery = { least: 2 * blockBytes, most: 6 * blockBytes };

const film = filmOf(sizeBytes);
const block = Buffer.alloc(
  blockBytes,
  'media data that compresses to nothing, and nobody compresses ',
);
/** Bytes written to connections, including lost ones. */
const told = { cuts: 0, sentBytes: 0 };

const server = createServer((request, response) => void send(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.on('message', () => process.send?.(told));
process.send?.({ port: (server.address() as AddressInfo).port });

/** A real video whose media data is extended to the wanted size. */
function filmOf(wholeBytes: number): Buffer {
  const file = withSize64(readMediaFile('1280x720-10s.mp4'));
  const mdat = readBoxes(file).find(({ type }) => type === 'mdat');
  if (!mdat) throw new RangeError('The film has no media data');
  file.writeBigUInt64BE(BigInt(mdat.size + wholeBytes - file.length), mdat.start + 8);
  return file;
}

async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    'content-type': 'video/mp4',
    'content-length': sizeBytes - start,
    'accept-ranges': 'bytes',
    etag: `"${sizeBytes}"`,
    ...(start > 0 && { 'content-range': `bytes ${start}-${sizeBytes - 1}/${sizeBytes}` }),
  });
  const until = request.url?.startsWith('/cut') ? start + cutLength() : sizeBytes;
  const body = Readable.from(parts(start, Math.min(until, sizeBytes)), { highWaterMark: 1 });
  // A client that disconnects is not an error of this server.
  await pipeline(body, response, { end: false }).catch(() => {});
  if (until >= sizeBytes) {
    response.end();
    return;
  }
  told.cuts += 1;
  response.destroy();
}

function* parts(start: number, end: number): Generator<Buffer> {
  let position = start;
  while (position < end) {
    const part = bytesFrom(position).subarray(0, end - position);
    position += part.length;
    told.sentBytes += part.length;
    yield part;
  }
}

function bytesFrom(position: number): Buffer {
  if (position < film.length) return film.subarray(position);
  return block.subarray(0, sizeBytes - position);
}

/** Evenly distributed, and equal in each run. */
function cutLength(): number {
  const share = (told.cuts * 0.618_033_988_75) % 1;
  return Math.floor(cutEvery.least + share * (cutEvery.most - cutEvery.least));
}
