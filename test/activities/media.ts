import { vendorFiles, readMedia } from '../../src/sandbox-gateway/media-library.ts';
import type { ReadAt } from '../../src/activities/mp4-boxes.ts';

export { readMedia };

/** Real videos whose `mdat` (or, in one, `moov`) is the last box. */
export const wholeFiles = [...vendorFiles, 'moov-last.mp4'];

/** Bytes as a file under check; short at the end, as files are. */
export function asFile(bytes: Uint8Array): { readAt: ReadAt; sizeBytes: number } {
  return {
    sizeBytes: bytes.length,
    readAt: (start, length) => Promise.resolve(bytes.subarray(start, start + length)),
  };
}

/** One MP4 box of a type, with a body of that many zero bytes. */
export function box(type: string, bodyBytes = 8): Buffer {
  const bytes = Buffer.alloc(8 + bodyBytes);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write(type, 4, 'latin1');
  return bytes;
}
