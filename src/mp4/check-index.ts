import type { Mp4Box, Mp4Defect, ReadAt } from './boxes.ts';
import { childBoxes, Mp4IndexError, type Mp4Part } from './fields.ts';
import { type FragmentSetup, readFragment, readFragmentSetup, type TrackRun } from './fragments.ts';
import { type ByteRange, type Mp4Track, readMovieTimescale, readTracks } from './tracks.ts';
import { provesItsEnd } from './ending.ts';
import { haveSaneCounts } from './sample-counts.ts';

/** Sound that ends this much before the picture, or a track before its told length, was cut at its source. */
const heldShare = 0.8;
const heldSlackSeconds = 1;
/** A length told in units of the film is rounded twice. */
const roundedUnits = 2;
const frameSlackSeconds = 0.1;
/** An index of two hours of video has some megabytes. */
const maxIndexBytes = 64 * 1024 * 1024;

/** What a box of a wrong size lets out into the open. */
const innerTypes = new Set('mvhd trak mvex mfhd traf tfhd tfdt trun'.split(' '));

export interface CheckedFile {
  readAt: ReadAt;
  sizeBytes: number;
  /** The transfer has shown that no byte is missing: a declared length, or a hash that fits. */
  provenWhole: boolean;
}

export interface IndexFindings {
  /** The first thing that speaks against the file, or null. A player may not mind it. */
  doubt: Mp4Defect | null;
  /** Length of the picture with all fragments; absent where the index cannot be read. */
  pictureSeconds?: number;
  /** False where an index is damaged so that another reader would not come to an end. */
  isReadable: boolean;
}

/** A track and what its samples, those of all fragments included, add up to. */
interface WholeTrack extends Mp4Track {
  seconds: number;
}

/**
 * Follows the index of an MP4 file: its boxes fit into each other, its tables agree, each sample lies inside of the
 * media data, each track is as long as it says, the sound as long as the picture. A fragmented file may end after any
 * fragment and look whole: where the transfer did not prove its length, the file must.
 *
 * Reads `moov` and the heads of fragments, no media data: a flipped bit in there is nothing that an index can show.
 *
 * @param boxes The top-level boxes, which add up to the file.
 */
export async function checkIndex(file: CheckedFile, boxes: Mp4Box[]): Promise<IndexFindings> {
  try {
    const moov = boxes.find(({ type }) => type === 'moov');
    if (!moov) throw new Mp4IndexError('There is none');
    const lost = boxes.find(({ type }) => innerTypes.has(type));
    if (lost) throw new Mp4IndexError(`Box "${lost.type}" stands outside of its container`);
    const film = await readFilm(file, { boxes, moov });
    const pictureSeconds = longest(film.tracks.filter(({ handler }) => handler === 'vide'));
    return { doubt: await firstDoubt(file, { film, boxes }), pictureSeconds, isReadable: true };
  } catch (error) {
    if (!(error instanceof Mp4IndexError)) throw error;
    const message = `The index of the file is damaged: ${error.message}`;
    return { doubt: { kind: 'not_video', message }, isReadable: await isReadable(file, boxes) };
  }
}

async function isReadable(file: CheckedFile, boxes: Mp4Box[]): Promise<boolean> {
  for (const box of boxes.filter(({ type }) => type === 'moov' || type === 'moof')) {
    if (isTooLarge(box)) return false;
    if (!haveSaneCounts(await readPart(file, box), box, file.sizeBytes)) return false;
  }
  return true;
}

interface Film {
  timescale: number;
  tracks: WholeTrack[];
  /** Of a fragmented file. */
  setup: FragmentSetup | undefined;
}

async function readFilm(
  file: CheckedFile,
  { boxes, moov }: { boxes: Mp4Box[]; moov: Mp4Box },
): Promise<Film> {
  const part = await readIndexPart(file, moov);
  const mvex = childBoxes(part, moov).find(({ type }) => type === 'mvex');
  const setup = mvex && readFragmentSetup(part, mvex);
  const tracks = await addFragments({ file, boxes, tracks: readTracks(part, moov), setup });
  return { timescale: readMovieTimescale(part, moov), tracks, setup };
}

async function firstDoubt(
  file: CheckedFile,
  { film, boxes }: { film: Film; boxes: Mp4Box[] },
): Promise<Mp4Defect | null> {
  const { tracks, timescale, setup } = film;
  if (!setup) return unequalLength(tracks) ?? shortSound(tracks);
  const toldSeconds = (setup.movieUnits ?? 0) / timescale;
  const proven =
    file.provenWhole ||
    reachesLength(tracks, { toldSeconds, timescale }) ||
    (await provesItsEnd(file, boxes));
  return (proven ? null : openEnd()) ?? shortFilm(tracks, toldSeconds) ?? shortSound(tracks);
}

/** A `moov` or `moof` box. */
async function readIndexPart(file: CheckedFile, box: Mp4Box): Promise<Mp4Part> {
  if (isTooLarge(box)) throw new Mp4IndexError(`It has ${box.end - box.start} bytes`);
  const part = await readPart(file, box);
  if (!haveSaneCounts(part, box, file.sizeBytes)) {
    throw new Mp4IndexError('It counts more samples than a video has');
  }
  return part;
}

function isTooLarge({ start, end }: Mp4Box): boolean {
  return end - start > maxIndexBytes;
}

async function readPart(file: CheckedFile, { start, end }: Mp4Box): Promise<Mp4Part> {
  return { bytes: Buffer.from(await file.readAt(start, end - start)), start };
}

interface Layout {
  file: CheckedFile;
  boxes: Mp4Box[];
  tracks: Mp4Track[];
  /** Of a fragmented file. */
  setup: FragmentSetup | undefined;
}

/** The tracks with the lengths of their fragments; the places of all samples are checked on the way. */
async function addFragments({ file, boxes, tracks, setup }: Layout): Promise<WholeTrack[]> {
  const media = boxes.filter(({ type }) => type === 'mdat');
  const spans = new Map(tracks.map(({ id, sampleUnits }) => [id, spanOf(sampleUnits)]));
  for (const { chunks } of tracks) for (const chunk of chunks) demandInside(media, chunk);
  for (const moof of boxes.filter(({ type }) => type === 'moof')) {
    if (!setup) throw new Mp4IndexError('It does not say that the file has fragments');
    for (const run of readFragment(await readIndexPart(file, moof), moof, setup.defaults)) {
      demandInside(media, run.range);
      addRun(spans.get(run.trackId), run);
    }
  }
  return tracks.map((track) => ({
    ...track,
    seconds: lengthOf(spans.get(track.id)) / track.timescale,
  }));
}

/** What the samples of a track take: their lengths added up, and from the first to the last by the clock. */
interface Span {
  units: number;
  from: number | undefined;
  to: number;
}

function spanOf(sampleUnits: number): Span {
  return { units: sampleUnits, from: sampleUnits > 0 ? 0 : undefined, to: sampleUnits };
}

function addRun(span: Span | undefined, { units, startsAt }: TrackRun): void {
  if (!span) return;
  span.units += units;
  if (startsAt === undefined) return;
  span.from = Math.min(span.from ?? startsAt, startsAt);
  span.to = Math.max(span.to, startsAt + units);
}

/** Where each fragment has one frame, its writer may leave the length of the frame to the start of the next one. */
function lengthOf(span: Span | undefined): number {
  return span ? Math.max(span.units, span.to - (span.from ?? span.to)) : 0;
}

function demandInside(media: Mp4Box[], { start, end }: ByteRange): void {
  if (start === end || mediaBefore(media, start, end)) return;
  throw new Mp4IndexError(`It names bytes ${start} to ${end}, which are no media data`);
}

/** Binary search: a file has thousands of fragments, and as many boxes of media data. */
function mediaBefore(media: Mp4Box[], start: number, end: number): boolean {
  let [low, high] = [0, media.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((media[middle]?.bodyStart ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return end <= (media[low - 1]?.end ?? 0);
}

/** Tracks that are neither seen nor heard tell of lengths that nothing fills. */
function unequalLength(tracks: WholeTrack[]): Mp4Defect | null {
  for (const { id, toldUnits, timescale, seconds } of tracks.filter(isShown)) {
    const told = toldUnits / timescale;
    if (seconds < shortest(told)) return shorter(`track ${id}`, { told, seconds });
  }
  return null;
}

/** A fragmented file may tell its whole length at its beginning. */
function shortFilm(tracks: WholeTrack[], told: number): Mp4Defect | null {
  const seconds = longest(tracks);
  return seconds < shortest(told) ? shorter('the film', { told, seconds }) : null;
}

/** Each track that is seen or heard may end a frame or two before the longest, which is as long as told. */
function reachesLength(
  tracks: WholeTrack[],
  { toldSeconds, timescale }: { toldSeconds: number; timescale: number },
): boolean {
  const shown = tracks.filter(isShown);
  return (
    toldSeconds > 0 &&
    longest(shown) >= toldSeconds - roundedUnits / timescale &&
    shown.every(({ seconds }) => seconds >= toldSeconds - frameSlackSeconds)
  );
}

function isShown({ handler }: Mp4Track): boolean {
  return handler === 'vide' || handler === 'soun';
}

function shortSound(tracks: WholeTrack[]): Mp4Defect | null {
  const sounds = tracks.filter(({ handler }) => handler === 'soun');
  const picture = longest(tracks.filter(({ handler }) => handler === 'vide'));
  const sound = longest(sounds);
  if (sounds.length === 0 || sound >= shortest(picture)) return null;
  return cut(`${sound.toFixed(1)} s of sound for ${picture.toFixed(1)} s of picture`);
}

function longest(tracks: WholeTrack[]): number {
  return Math.max(0, ...tracks.map(({ seconds }) => seconds));
}

function shortest(seconds: number): number {
  return Math.min(seconds * heldShare, seconds - heldSlackSeconds);
}

function shorter(what: string, { told, seconds }: { told: number; seconds: number }): Mp4Defect {
  return cut(`${what} says ${told.toFixed(1)} s and holds ${seconds.toFixed(1)} s`);
}

function openEnd(): Mp4Defect {
  return cut('nothing proves that its last fragment came');
}

function cut(what: string): Mp4Defect {
  return { kind: 'truncated', message: `The file is cut: ${what}` };
}
