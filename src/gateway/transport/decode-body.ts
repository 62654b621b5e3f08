import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/**
 * The bytes of a body without its content encoding. We ask for none; some servers encode all the same.
 *
 * An encoding we do not know is handed on as it is: what comes out is then found to be no video, or no JSON.
 */
export function decodeBody(
  body: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
): AsyncIterable<Uint8Array> {
  const decoder = decoders[encoding?.trim().toLowerCase() ?? '']?.();
  if (!decoder) return body;
  // An error goes to whoever reads the decoder; the callback only keeps it from being unhandled.
  pipeline(Readable.from(body, { objectMode: false }), decoder, () => undefined);
  return decoder;
}

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
