import type { Mp4Box } from './boxes.ts';
import { childBoxes, type Mp4Part, Mp4IndexError, readBoxFields, requiredChild } from './fields.ts';

/** Bytes of media data in the file, the end not included. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface Mp4Track {
  id: number;
  /** `vide`, `soun`, or another four letters. */
  handler: string;
  timescale: number;
  /** Declared length of the track, in its timescale; 0 if it declares none. */
  declaredUnits: number;
  /** Total length of its samples in `moov`, in its timescale. */
  sampleUnits: number;
  /** Positions of its samples in `moov`, one range per chunk. */
  chunks: ByteRange[];
}

/**
 * Reads the tracks of a `moov` box and their sample tables, which must be consistent.
 *
 * @throws {Mp4IndexError}
 * @see ISO/IEC 14496-12, 8.3 to 8.7
 */
export function readTracks(part: Mp4Part, moov: Mp4Box): Mp4Track[] {
  return childBoxes(part, moov)
    .filter(({ type }) => type === 'trak')
    .map((trak) => readTrack(part, trak));
}

/** Units per second of the movie. @throws {Mp4IndexError} */
export function readMovieTimescale(part: Mp4Part, moov: Mp4Box): number {
  const fields = readBoxFields(part, requiredChild(part, moov, 'mvhd'));
  const { version } = fields.versionFlags();
  fields.skip(version === 1 ? 16 : 8);
  const timescale = fields.u32();
  fields.expectRest(version === 1 ? 88 : 84);
  if (timescale === 0) throw new Mp4IndexError('The movie has the timescale 0');
  return timescale;
}

function readTrack(part: Mp4Part, trak: Mp4Box): Mp4Track {
  const tkhd = readBoxFields(part, requiredChild(part, trak, 'tkhd'));
  const { version } = tkhd.versionFlags();
  tkhd.skip(version === 1 ? 16 : 8);
  const id = tkhd.u32();
  tkhd.expectRest(version === 1 ? 72 : 68);
  const mdia = requiredChild(part, trak, 'mdia');
  const minf = requiredChild(part, mdia, 'minf');
  const stbl = requiredChild(part, minf, 'stbl');
  checkEntries(part, requiredChild(part, stbl, 'stsd'));
  for (const box of [...childBoxes(part, trak), ...childBoxes(part, minf)]) checkSide(part, box);
  const sizes = readSizes(part, stbl);
  const { count, units } = readTimes(part, requiredChild(part, stbl, 'stts'));
  if (count !== sizes.length) {
    throw new Mp4IndexError(`Track ${id} has ${sizes.length} samples and times for ${count}`);
  }
  return {
    id,
    handler: readHandler(part, requiredChild(part, mdia, 'hdlr')),
    ...readMediaHeader(part, requiredChild(part, mdia, 'mdhd')),
    sampleUnits: units,
    chunks: readChunks(part, stbl, sizes),
  };
}

/** Boxes that are not about samples. If one is too short, its contents appear beside it. */
function checkSide(part: Mp4Part, box: Mp4Box): void {
  if (box.type === 'elst' || box.type === 'dref') {
    throw new Mp4IndexError(`Box "${box.type}" is outside its container`);
  }
  if (box.type === 'edts') childBoxes(part, box);
  if (box.type === 'dinf') requiredChild(part, box, 'dref');
  const bodyBytes = { vmhd: 12, smhd: 8 }[box.type];
  if (bodyBytes !== undefined) readBoxFields(part, box).expectAtLeast(bodyBytes);
}

/** Sample descriptions are boxes after a count. */
function checkEntries(part: Mp4Part, stsd: Mp4Box): void {
  const fields = readBoxFields(part, stsd);
  fields.versionFlags();
  const count = fields.u32();
  const entries = childBoxes(part, { ...stsd, bodyStart: stsd.bodyStart + 8 });
  if (entries.length !== count || count === 0) {
    throw new Mp4IndexError(`Box "stsd" declares ${count} entries and has ${entries.length}`);
  }
}

function readHandler(part: Mp4Part, hdlr: Mp4Box): string {
  const fields = readBoxFields(part, hdlr);
  fields.skip(8);
  return String.fromCharCode(fields.u8(), fields.u8(), fields.u8(), fields.u8());
}

function readMediaHeader(part: Mp4Part, mdhd: Mp4Box) {
  const fields = readBoxFields(part, mdhd);
  const { version } = fields.versionFlags();
  fields.skip(version === 1 ? 16 : 8);
  const timescale = fields.u32();
  const declared = fields.u32or64(version);
  fields.expectRest(4);
  if (timescale === 0) throw new Mp4IndexError('A track has the timescale 0');
  const unknown = version === 1 ? 2 ** 64 : 2 ** 32 - 1;
  return { timescale, declaredUnits: declared >= unknown ? 0 : declared };
}

function readTimes(part: Mp4Part, stts: Mp4Box): { count: number; units: number } {
  const fields = readBoxFields(part, stts);
  fields.versionFlags();
  const entries = fields.u32();
  fields.expectRest(entries * 8);
  let [count, units] = [0, 0];
  for (let entry = 0; entry < entries; entry += 1) {
    const samples = fields.u32();
    count += samples;
    units += samples * fields.u32();
  }
  return { count, units };
}

interface SampleSizes {
  length: number;
  /** Total size of the samples from `first` up to, not including, `end`. */
  sum(first: number, end: number): number;
}

function readSizes(part: Mp4Part, stbl: Mp4Box): SampleSizes {
  const compact = childBoxes(part, stbl).find(({ type }) => type === 'stz2');
  if (compact) return readCompactSizes(part, compact);
  const fields = readBoxFields(part, requiredChild(part, stbl, 'stsz'));
  fields.versionFlags();
  const common = fields.u32();
  const length = fields.u32();
  fields.expectRest(common === 0 ? length * 4 : 0);
  if (common !== 0) return { length, sum: (first, end) => (end - first) * common };
  return listedSizes(Uint32Array.from({ length }, () => fields.u32()));
}

function readCompactSizes(part: Mp4Part, stz2: Mp4Box): SampleSizes {
  const fields = readBoxFields(part, stz2);
  fields.versionFlags();
  fields.skip(3);
  const bits = fields.u8();
  const length = fields.u32();
  if (bits !== 4 && bits !== 8 && bits !== 16) {
    throw new Mp4IndexError(`Box "stz2" has sizes of ${bits} bits`);
  }
  fields.expectRest(Math.ceil((length * bits) / 8));
  let byte = 0;
  const sizes = Uint32Array.from({ length }, (_, index) => {
    if (bits === 16) return fields.u16();
    if (bits === 8) return fields.u8();
    byte = index % 2 === 0 ? fields.u8() : byte;
    return index % 2 === 0 ? byte >> 4 : byte & 15;
  });
  return listedSizes(sizes);
}

function listedSizes(sizes: Uint32Array): SampleSizes {
  const add = (total: number, size: number) => total + size;
  return {
    length: sizes.length,
    sum: (first, end) => sizes.subarray(first, end).reduce(add, 0),
  };
}

/** The byte range of each chunk. */
function readChunks(part: Mp4Part, stbl: Mp4Box, sizes: SampleSizes): ByteRange[] {
  const starts = readChunkStarts(part, stbl);
  const samplesIn = readSamplesPerChunk(part, requiredChild(part, stbl, 'stsc'));
  let sample = 0;
  const chunks = starts.map((start, index) => {
    const first = sample;
    sample += samplesIn(index + 1);
    return { start, end: start + sizes.sum(first, sample) };
  });
  if (sample !== sizes.length) {
    throw new Mp4IndexError(`The chunks hold ${sample} samples, and there are ${sizes.length}`);
  }
  return chunks;
}

function readChunkStarts(part: Mp4Part, stbl: Mp4Box): number[] {
  const wide = childBoxes(part, stbl).find(({ type }) => type === 'co64');
  const fields = readBoxFields(part, wide ?? requiredChild(part, stbl, 'stco'));
  fields.versionFlags();
  const length = fields.u32();
  fields.expectRest(length * (wide ? 8 : 4));
  return Array.from({ length }, () => (wide ? fields.u64() : fields.u32()));
}

/** Samples in a chunk by its number, from 1: each entry applies up to the next one. Call it in rising order. */
function readSamplesPerChunk(part: Mp4Part, stsc: Mp4Box): (chunk: number) => number {
  const fields = readBoxFields(part, stsc);
  fields.versionFlags();
  const length = fields.u32();
  fields.expectRest(length * 12);
  const entries = Array.from({ length }, () => {
    const entry = { firstChunk: fields.u32(), samples: fields.u32() };
    fields.skip(4);
    return entry;
  });
  let current = 0;
  return (chunk) => {
    while ((entries[current + 1]?.firstChunk ?? Number.POSITIVE_INFINITY) <= chunk) current += 1;
    return entries[current]?.samples ?? 0;
  };
}
