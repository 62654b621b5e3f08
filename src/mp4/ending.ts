import type { Mp4Box, ReadAt } from './boxes.ts';
import { type Mp4Part, readBoxFields } from './fields.ts';

/**
 * Whether a fragmented file proves by itself that its last fragment is there: it ends with the index `mfra`, which is
 * written last, or its segment index `sidx` reaches exactly to its end.
 *
 * Not every complete file does: a live stream has neither.
 *
 * @throws {Mp4IndexError} If such an index contradicts itself.
 */
export async function provesItsEnd(
  file: { readAt: ReadAt; sizeBytes: number },
  boxes: Mp4Box[],
): Promise<boolean> {
  const last = boxes.at(-1);
  return last?.type === 'mfra' ? endsWithItsIndex(file, last) : isCounted(file, boxes);
}

/** The last box inside `mfra` holds the size of `mfra`, to be found from the end of the file. */
async function endsWithItsIndex(file: { readAt: ReadAt }, mfra: Mp4Box): Promise<boolean> {
  const ending = Buffer.from(await file.readAt(mfra.end - 16, 16));
  return (
    ending.toString('latin1', 4, 8) === 'mfro' && ending.readUInt32BE(12) === mfra.end - mfra.start
  );
}

/** One `sidx` per fragment, as in a live stream, proves nothing: the next one may be missing. */
async function isCounted(file: { readAt: ReadAt }, boxes: Mp4Box[]): Promise<boolean> {
  const fragments = boxes.filter(({ type }) => type === 'moof').length;
  const firstFragment = boxes.findIndex(({ type }) => type === 'moof');
  const indexes = boxes.flatMap((box, place) => (box.type === 'sidx' ? [{ box, place }] : []));
  if (indexes.some(({ place }) => place > firstFragment)) return false;
  for (const { box } of indexes) {
    const bytes = Buffer.from(await file.readAt(box.start, box.end - box.start));
    const { references, end } = readSegmentIndex({ bytes, start: box.start }, box);
    const countsAll = references > 1 && references <= fragments;
    if (countsAll && end === boxes.at(-1)?.end) return true;
  }
  return false;
}

/** @see ISO/IEC 14496-12, 8.16.3: sizes are counted from the first byte after the box */
function readSegmentIndex(part: Mp4Part, sidx: Mp4Box): { references: number; end: number } {
  const fields = readBoxFields(part, sidx);
  const { version } = fields.versionFlags();
  fields.skip(8);
  fields.u32or64(version);
  let end = sidx.end + fields.u32or64(version);
  fields.skip(2);
  const references = fields.u16();
  fields.expectRest(references * 12);
  for (let reference = 0; reference < references; reference += 1) {
    end += fields.u32() & 0x7f_ff_ff_ff;
    fields.skip(8);
  }
  return { references, end };
}
