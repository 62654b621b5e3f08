import { readFileSync } from 'node:fs';
import type { CheckedFile } from '../../src/mp4/check-index.ts';
import { readBoxes } from '../../src/sandbox-gateway/media-fixtures.ts';
import { vendorFiles, readMediaFile } from '../../src/sandbox-gateway/media-library.ts';

export { readMediaFile as readMedia };

/** Real videos whose `mdat` (or, in one, `moov`) is the last box. */
export const wholeFiles = [...vendorFiles, 'moov-last.mp4'];

/** One file per way in which a muxer lays it out: `test/fixtures/videos/README.md`. */
export const muxerFiles = [
  'faststart.mp4',
  'fragmented-cmaf.mp4',
  'fragmented-dash.mp4',
  'fragmented-delayed.mp4',
  'fragmented-each-frame.mp4',
  'fragmented-first-in-moov.mp4',
  'fragmented-sidx-only.mp4',
  'fragmented-sidx.mp4',
  'fragmented-silent.mp4',
  'fragmented.mp4',
  'ismv.mp4',
  'negative-cts.mp4',
  'plain-silent.mp4',
  'plain.mp4',
  'quicktime.mov',
];

/** Whole as well, but nothing in them says so: as a live stream is written. */
export const endlessFiles = ['fragmented-no-index.mp4', 'fragmented-dash-no-trailer.mp4'];

export function readMuxed(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/videos/${name}`, import.meta.url));
}

/** Bytes as a file under check, as they came without a declared length; short at the end, as files are. */
export function asFile(bytes: Uint8Array): CheckedFile {
  return {
    sizeBytes: bytes.length,
    provenWhole: false,
    readAt: (start, length) => Promise.resolve(bytes.subarray(start, start + length)),
  };
}

/** One MP4 box of a type, with a body of that many zero bytes. */
export function box(type: string, bodyBytes = 8): Buffer {
  return boxOf(type, Buffer.alloc(bodyBytes));
}

export function boxOf(type: string, ...body: Uint8Array[]): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(8), ...body]);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write(type, 4, 'latin1');
  return bytes;
}

/** A box inside others, found by its path from the top: `moov`, `trak`, `mdia`. */
export interface FoundBox {
  path: string[];
  start: number;
  size: number;
  /** True where nothing follows it in the file. */
  isLast: boolean;
}

const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'mvex', 'moof', 'traf']);

/** All boxes of a file, containers before what they hold. */
export function allBoxes(file: Buffer, from = 0, path: string[] = []): FoundBox[] {
  return readBoxes(file).flatMap(({ type, start, size, headerSize }) => {
    const inner = file.subarray(start + headerSize, start + size);
    const here = { path: [...path, type], start: from + start, size };
    const isLast = path.length === 0 && start + size === file.length;
    const held = containers.has(type) ? allBoxes(inner, from + start + headerSize, here.path) : [];
    return [{ ...here, isLast }, ...held];
  });
}

/** Puts bytes into a file, at the end of a box that others hold, and lets all of those grow by as much. */
export function insertInto(file: Buffer, path: string[], bytes: Uint8Array): Buffer {
  const boxes = allBoxes(file);
  const within = path.map((_, depth) => {
    const wanted = path.slice(0, depth + 1).join();
    const found = boxes.find((candidate) => candidate.path.join() === wanted);
    if (!found) throw new RangeError(`The file has no box ${wanted}`);
    return found;
  });
  const copy = Buffer.from(file);
  for (const { start, size } of within) copy.writeUInt32BE(size + bytes.length, start);
  const innermost = within.at(-1) ?? { start: 0, size: 0 };
  const place = innermost.start + innermost.size;
  return Buffer.concat([copy.subarray(0, place), bytes, copy.subarray(place)]);
}
