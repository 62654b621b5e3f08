import { type Mp4Box, parseHeader } from './boxes.ts';
import type { Mp4Part } from './fields.ts';

/** 18 hours of video at 30 frames per second. Listing them takes a second or two. */
const maxSamples = 2_000_000;

const containers = new Set(['trak', 'mdia', 'minf', 'traf']);
const sampleSizeBits = new Set([4, 8, 16]);

/**
 * Whether mediabunny can read this `moov` or `moof` box of a file. It lists as many samples as a table declares, whatever
 * the size of the table: one flipped bit in a count blocks the worker and then fills its memory.
 *
 * Reads boxes as leniently as mediabunny does, since a damaged index is not always refused.
 */
export function haveSaneCounts(part: Mp4Part, box: Mp4Box, fileBytes: number): boolean {
  const most = Math.min(maxSamples, fileBytes);
  return childrenOf(part, box).every((child) => {
    if (containers.has(child.type)) return haveSaneCounts(part, child, fileBytes);
    if (child.type === 'stbl') return isSaneTable(part, childrenOf(part, child), most);
    return child.type !== 'trun' || (fieldAt(part, child, 4) ?? 0) <= most;
  });
}

function isSaneTable(part: Mp4Part, boxes: Mp4Box[], most: number): boolean {
  // mediabunny lists each sample only if there are composition offsets. PCM audio has 48,000 samples per second, and none.
  const isListed = boxes.some(({ type }) => type === 'ctts');
  // Where sizes differ, it adds those of a chunk up, as many as the chunk declares. PCM audio has one size.
  const isAdded = boxes.every((box) => box.type !== 'stsz' || fieldAt(part, box, 4) === 0);
  return boxes.every((box) => {
    if (box.type === 'stts' || box.type === 'ctts') {
      return !isListed || entriesOf(part, box, { entryBytes: 8 }).reduce(sum, 0) <= most;
    }
    if (box.type === 'stsc') {
      const isWithin = (at: number) =>
        entriesOf(part, box, { entryBytes: 12, at }).every((field) => field <= most);
      return isWithin(0) && (!isAdded || isWithin(4));
    }
    return box.type !== 'stz2' || sampleSizeBits.has((fieldAt(part, box, 4) ?? 0) & 0xff);
  });
}

function sum(total: number, count: number): number {
  return total + count;
}

/** A field of each entry, by default the first, even of entries beyond the end of the box. */
function entriesOf(
  part: Mp4Part,
  box: Mp4Box,
  { entryBytes, at = 0 }: { entryBytes: number; at?: number },
): number[] {
  const fields: number[] = [];
  const count = fieldAt(part, box, 4) ?? 0;
  for (let entry = 0; entry < count; entry += 1) {
    const field = fieldAt(part, box, 8 + entry * entryBytes + at);
    if (field === undefined) break;
    fields.push(field);
  }
  return fields;
}

function fieldAt({ bytes, start }: Mp4Part, box: Mp4Box, offset: number): number | undefined {
  const place = box.bodyStart - start + offset;
  return place + 4 <= bytes.length ? bytes.readUInt32BE(place) : undefined;
}

function childrenOf({ bytes, start }: Mp4Part, parent: Mp4Box): Mp4Box[] {
  const boxes: Mp4Box[] = [];
  for (let position = parent.bodyStart; position < parent.end;) {
    const header = bytes.subarray(position - start, position - start + 16);
    const box = parseHeader(header, { start: position });
    if (!box) break;
    boxes.push(box);
    position = box.end;
  }
  return boxes;
}
