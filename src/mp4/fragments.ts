import type { Mp4Box } from './boxes.ts';
import { childBoxes, Mp4IndexError, type Mp4Part, readBoxFields, requiredChild } from './fields.ts';
import type { ByteRange } from './tracks.ts';

/** Length and size of the samples of a track, unless a fragment overrides them. */
export interface FragmentDefaults {
  units: number;
  sizeBytes: number;
}

/** The samples of one track in one fragment. */
export interface TrackRun {
  trackId: number;
  /** Length in the track's timescale. */
  units: number;
  /** Decode time of its first sample, in the track's timescale, if the fragment has one. */
  startsAt?: number;
  range: ByteRange;
}

/** The `mvex` box of a fragmented file. */
export interface FragmentSetup {
  /** By track id. */
  defaults: Map<number, FragmentDefaults>;
  /** Declared length with all fragments, in units of the movie. */
  movieUnits?: number;
}

/** @throws {Mp4IndexError} */
export function readFragmentSetup(part: Mp4Part, mvex: Mp4Box): FragmentSetup {
  const boxes = childBoxes(part, mvex);
  const defaults = new Map<number, FragmentDefaults>();
  for (const trex of boxes.filter(({ type }) => type === 'trex')) {
    const fields = readBoxFields(part, trex);
    fields.skip(4);
    const trackId = fields.u32();
    fields.skip(4);
    defaults.set(trackId, { units: fields.u32(), sizeBytes: fields.u32() });
    fields.expectAtLeast(4);
  }
  const mehd = boxes.find(({ type }) => type === 'mehd');
  if (!mehd) return { defaults };
  const fields = readBoxFields(part, mehd);
  return { defaults, movieUnits: fields.u32or64(fields.versionFlags().version) };
}

/**
 * Reads one `moof` box.
 *
 * @throws {Mp4IndexError}
 * @see ISO/IEC 14496-12, 8.8.4 to 8.8.8
 */
export function readFragment(
  part: Mp4Part,
  moof: Mp4Box,
  defaults: Map<number, FragmentDefaults>,
): TrackRun[] {
  readBoxFields(part, requiredChild(part, moof, 'mfhd')).expectRest(8);
  requiredChild(part, moof, 'traf');
  const boxes = childBoxes(part, moof);
  if (boxes.some(({ type }) => type === 'trun')) {
    throw new Mp4IndexError('Box "trun" is outside its container');
  }
  const runs: TrackRun[] = [];
  for (const traf of boxes.filter(({ type }) => type === 'traf')) {
    const base = runs.at(-1)?.range.end ?? moof.start;
    runs.push(...readTrackFragment(part, traf, { moofStart: moof.start, base, defaults }));
  }
  return runs;
}

interface FragmentPlace {
  moofStart: number;
  /** Start of data without an offset: the end of the data before it. */
  base: number;
  defaults: Map<number, FragmentDefaults>;
}

function readTrackFragment(part: Mp4Part, traf: Mp4Box, place: FragmentPlace): TrackRun[] {
  const header = readHeader(part, requiredChild(part, traf, 'tfhd'), place);
  const boxes = childBoxes(part, traf);
  const runs: TrackRun[] = [];
  let startsAt = readDecodeTime(part, boxes);
  for (const trun of boxes.filter(({ type }) => type === 'trun')) {
    const next = runs.at(-1)?.range.end ?? header.base;
    const run = readRun(part, trun, { ...header, next });
    runs.push(startsAt === undefined ? run : { ...run, startsAt });
    if (startsAt !== undefined) startsAt += run.units;
  }
  return runs;
}

function readDecodeTime(part: Mp4Part, boxes: Mp4Box[]): number | undefined {
  const tfdt = boxes.find(({ type }) => type === 'tfdt');
  if (!tfdt) return undefined;
  const fields = readBoxFields(part, tfdt);
  return fields.u32or64(fields.versionFlags().version);
}

interface RunPlace extends FragmentDefaults {
  trackId: number;
  /** Offsets of runs are relative to this position. */
  base: number;
  /** Start of a run without an offset. */
  next: number;
}

function readHeader(
  part: Mp4Part,
  tfhd: Mp4Box,
  place: FragmentPlace,
): FragmentDefaults & { trackId: number; base: number } {
  const fields = readBoxFields(part, tfhd);
  const { flags } = fields.versionFlags();
  const trackId = fields.u32();
  const track = place.defaults.get(trackId);
  if (!track) throw new Mp4IndexError(`A fragment refers to the unknown track ${trackId}`);
  const base = flags & 0x1 ? fields.u64() : flags & 0x2_00_00 ? place.moofStart : place.base;
  if (flags & 0x2) fields.skip(4);
  const units = flags & 0x8 ? fields.u32() : track.units;
  const sizeBytes = flags & 0x10 ? fields.u32() : track.sizeBytes;
  if (flags & 0x20) fields.skip(4);
  fields.expectRest(0);
  return { trackId, base, units, sizeBytes };
}

function readRun(part: Mp4Part, trun: Mp4Box, place: RunPlace): TrackRun {
  const fields = readBoxFields(part, trun);
  const { flags } = fields.versionFlags();
  const samples = fields.u32();
  const start = flags & 0x1 ? place.base + fields.i32() : place.next;
  if (flags & 0x4) fields.skip(4);
  const perSample = [0x1_00, 0x2_00, 0x4_00, 0x8_00].filter((flag) => flags & flag).length * 4;
  fields.expectRest(samples * perSample);
  let [units, sizeBytes] = [0, 0];
  for (let sample = 0; sample < samples; sample += 1) {
    units += flags & 0x1_00 ? fields.u32() : place.units;
    sizeBytes += flags & 0x2_00 ? fields.u32() : place.sizeBytes;
    fields.skip((flags & 0x4_00 ? 4 : 0) + (flags & 0x8_00 ? 4 : 0));
  }
  return { trackId: place.trackId, units, range: { start, end: start + sizeBytes } };
}
