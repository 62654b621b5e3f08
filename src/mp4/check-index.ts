import type { Mp4Box, Mp4Defect, ReadAt } from './boxes.ts';
import { childBoxes, Mp4IndexError, type Mp4Part } from './fields.ts';
import { type FragmentSetup, readFragment, readFragmentSetup, type TrackRun } from './fragments.ts';
import { type ByteRange, type Mp4Track, readMovieTimescale, readTracks } from './tracks.ts';
import { provesItsEnd } from './ending.ts';
import { haveSaneCounts } from './sample-counts.ts';

/** Audio that ends this much before the video, or a track before its declared length, was cut at its source. */
const requiredShare = 0.8;
const slackSeconds = 1;
/** A length in units of the movie is rounded twice. */
const roundedUnits = 2;
const frameSlackSeconds = 0.1;
/** The index of two hours of video has a few megabytes. */
const maxIndexBytes = 64 * 1024 * 1024;

/** Boxes that appear at the top level if the size of their container is wrong. */
const innerTypes = new Set('mvhd trak mvex mfhd traf tfhd tfdt trun'.split(' '));

export interface CheckedFile {
  readAt: ReadAt;
  sizeBytes: number;
  /** The transfer proved that no byte is missing: by a declared length or a matching hash. */
  provenWhole: boolean;
}

export interface IndexFindings {
  /** The first problem of the file, or null. A player may tolerate it. */
  doubt: Mp4Defect | null;
  /** Length of the video track with all fragments; absent if the index is damaged. */
  videoSeconds?: number;
  /** False if the index is damaged so that mediabunny would block the worker. */
  isReadable: boolean;
}

/** A track with the total length of its samples, including those of all fragments. */
interface WholeTrack extends Mp4Track {
  seconds: number;
}

/**
 * Checks the index of an MP4 file: boxes nest, tables are consistent, each sample is inside the media data, each track
 * is as long as it declares, and audio is as long as video. A fragmented file that is cut after any fragment looks
 * complete: if the transfer did not prove its length, the file itself must.
 *
 * Reads `moov` and `moof` boxes, but no media data: an index cannot reveal a flipped bit in there.
 *
 * @param boxes The top-level boxes of the whole file.
 */
export async function checkIndex(file: CheckedFile, boxes: Mp4Box[]): Promise<IndexFindings> {
  try {
    const moov = boxes.find(({ type }) => type === 'moov');
    if (!moov) throw new Mp4IndexError('It is missing');
    const lost = boxes.find(({ type }) => innerTypes.has(type));
    if (lost) throw new Mp4IndexError(`Box "${lost.type}" is outside its container`);
    const movie = await readMovie(file, { boxes, moov });
    const videoSeconds = longest(movie.tracks.filter(({ handler }) => handler === 'vide'));
    return { doubt: await firstDoubt(file, { movie, boxes }), videoSeconds, isReadable: true };
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

interface Movie {
  timescale: number;
  tracks: WholeTrack[];
  /** Of a fragmented file. */
  setup: FragmentSetup | undefined;
}

async function readMovie(
  file: CheckedFile,
  { boxes, moov }: { boxes: Mp4Box[]; moov: Mp4Box },
): Promise<Movie> {
  const part = await readIndexPart(file, moov);
  const mvex = childBoxes(part, moov).find(({ type }) => type === 'mvex');
  const setup = mvex && readFragmentSetup(part, mvex);
  const tracks = await addFragments({ file, boxes, tracks: readTracks(part, moov), setup });
  return { timescale: readMovieTimescale(part, moov), tracks, setup };
}

async function firstDoubt(
  file: CheckedFile,
  { movie, boxes }: { movie: Movie; boxes: Mp4Box[] },
): Promise<Mp4Defect | null> {
  const { tracks, timescale, setup } = movie;
  if (!setup) return unequalLength(tracks) ?? shortAudio(tracks);
  const declaredSeconds = (setup.movieUnits ?? 0) / timescale;
  const proven =
    file.provenWhole ||
    reachesLength(tracks, { declaredSeconds, timescale }) ||
    (await provesItsEnd(file, boxes));
  return (proven ? null : openEnd()) ?? shortMovie(tracks, declaredSeconds) ?? shortAudio(tracks);
}

async function readIndexPart(file: CheckedFile, box: Mp4Box): Promise<Mp4Part> {
  if (isTooLarge(box)) throw new Mp4IndexError(`It has ${box.end - box.start} bytes`);
  const part = await readPart(file, box);
  if (!haveSaneCounts(part, box, file.sizeBytes)) {
    throw new Mp4IndexError('It declares more samples than a video can have');
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

/** The tracks with the lengths of their fragments. Also checks the positions of all samples. */
async function addFragments({ file, boxes, tracks, setup }: Layout): Promise<WholeTrack[]> {
  const media = boxes.filter(({ type }) => type === 'mdat');
  const spans = new Map(tracks.map(({ id, sampleUnits }) => [id, spanOf(sampleUnits)]));
  for (const { chunks } of tracks) for (const chunk of chunks) demandInside(media, chunk);
  for (const moof of boxes.filter(({ type }) => type === 'moof')) {
    if (!setup) throw new Mp4IndexError('It does not declare fragments');
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

/** Length of a track: the sum of its sample lengths, and the time from its first sample to its last. */
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

/** If each fragment has one frame, the start of the next fragment may be all that gives the length of a frame. */
function lengthOf(span: Span | undefined): number {
  return span ? Math.max(span.units, span.to - (span.from ?? span.to)) : 0;
}

function demandInside(media: Mp4Box[], { start, end }: ByteRange): void {
  if (start === end || mediaBefore(media, start, end)) return;
  throw new Mp4IndexError(`It refers to bytes ${start} to ${end}, which are not media data`);
}

/** Binary search: a file may have thousands of fragments, and as many boxes of media data. */
function mediaBefore(media: Mp4Box[], start: number, end: number): boolean {
  let [low, high] = [0, media.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((media[middle]?.bodyStart ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return end <= (media[low - 1]?.end ?? 0);
}

/** Only video and audio: metadata tracks may declare a length without samples. */
function unequalLength(tracks: WholeTrack[]): Mp4Defect | null {
  for (const { id, declaredUnits, timescale, seconds } of tracks.filter(isShown)) {
    const declared = declaredUnits / timescale;
    if (seconds < shortest(declared)) return shorter(`track ${id}`, { declared, seconds });
  }
  return null;
}

/** A fragmented file may declare its total length at its start. */
function shortMovie(tracks: WholeTrack[], declared: number): Mp4Defect | null {
  const seconds = longest(tracks);
  return seconds < shortest(declared) ? shorter('the movie', { declared, seconds }) : null;
}

/** The longest track must reach the declared length; the others may end a frame or two earlier. */
function reachesLength(
  tracks: WholeTrack[],
  { declaredSeconds, timescale }: { declaredSeconds: number; timescale: number },
): boolean {
  const shown = tracks.filter(isShown);
  return (
    declaredSeconds > 0 &&
    longest(shown) >= declaredSeconds - roundedUnits / timescale &&
    shown.every(({ seconds }) => seconds >= declaredSeconds - frameSlackSeconds)
  );
}

function isShown({ handler }: Mp4Track): boolean {
  return handler === 'vide' || handler === 'soun';
}

function shortAudio(tracks: WholeTrack[]): Mp4Defect | null {
  const audioTracks = tracks.filter(({ handler }) => handler === 'soun');
  const video = longest(tracks.filter(({ handler }) => handler === 'vide'));
  const audio = longest(audioTracks);
  if (audioTracks.length === 0 || audio >= shortest(video)) return null;
  return cut(`${audio.toFixed(1)} s of audio for ${video.toFixed(1)} s of video`);
}

function longest(tracks: WholeTrack[]): number {
  return Math.max(0, ...tracks.map(({ seconds }) => seconds));
}

function shortest(seconds: number): number {
  return Math.min(seconds * requiredShare, seconds - slackSeconds);
}

function shorter(
  what: string,
  { declared, seconds }: { declared: number; seconds: number },
): Mp4Defect {
  return cut(`${what} declares ${declared.toFixed(1)} s and has ${seconds.toFixed(1)} s`);
}

function openEnd(): Mp4Defect {
  return cut('nothing proves that its last fragment arrived');
}

function cut(what: string): Mp4Defect {
  return { kind: 'truncated', message: `The file is truncated: ${what}` };
}
