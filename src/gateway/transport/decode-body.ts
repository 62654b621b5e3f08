import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/**
 * Decodes the content encoding of a body. We request none, but some servers encode anyway.
 *
 * An unknown encoding is passed through. The result is then detected as not a video, or not JSON.
 */
export function decodeBody(
  body: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
): AsyncIterable<Uint8Array> {
  const decoder = decoders[encoding?.trim().toLowerCase() ?? '']?.();
  if (!decoder) return body;
  // The reader of the decoder receives the error. The callback only prevents an unhandled error.
  pipeline(Readable.from(body, { objectMode: false }), decoder, () => undefined);
  return decoder;
}

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
