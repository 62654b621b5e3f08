import { ALL_FORMATS, CustomSource, EncodedPacketSink, Input, type InputTrack } from 'mediabunny';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { GatewayError } from '../gateway/gateway-error.ts';
import { StorageError } from '../storage/storage-error.ts';
import { walkMp4Boxes } from './mp4-boxes.ts';
import { type CheckedFile, checkIndex } from './mp4-index.ts';

/** A vendor rounds lengths to whole frames and seconds. */
const durationSlackSeconds = 1;

/**
 * `strict` delivers what is shown to be whole. `lenient` delivers with a warning what only its index speaks against:
 * short sound, tables that disagree, an end that nothing proves. Neither delivers what is no video, or lacks bytes.
 */
export type VideoChecks = 'strict' | 'lenient';

export type VideoFacts = Pick<
  StoredVideo,
  'durationSeconds' | 'width' | 'height' | 'hasAudio' | 'warnings'
>;

/**
 * Decides whether a downloaded file is the whole video: its boxes against its size, its index against its media data,
 * tracks and their lengths. Where it differs from the request it is delivered with a warning: the gateway may round.
 * Of the media data only the last packet is read, so that the time it takes does not grow with the file.
 *
 * @throws {GatewayError} `truncated` | `not_video`
 * @throws {StorageError} The file could not be read, which says nothing about the video.
 */
export async function checkVideo(
  file: CheckedFile,
  { checks, request }: { checks: VideoChecks; request?: VideoRequest | undefined },
): Promise<VideoFacts> {
  const { boxes, defect } = await walkMp4Boxes(file.readAt, file.sizeBytes);
  if (defect) throw new GatewayError(defect.kind, defect.message);
  const { defect: doubt, pictureSeconds } = await checkIndex(file, boxes);
  const facts = await readTracks(file, pictureSeconds);
  if (doubt && checks === 'strict') throw new GatewayError(doubt.kind, doubt.message);
  const doubts = doubt ? [doubt.message] : [];
  return { ...facts, warnings: [...doubts, ...(request ? differences(facts, request) : [])] };
}

/** @param pictureSeconds From the index: of a fragmented file, mediabunny tells the first part, or nonsense. */
async function readTracks(
  file: CheckedFile,
  pictureSeconds: number | undefined,
): Promise<Omit<VideoFacts, 'warnings'>> {
  const input = new Input({
    formats: ALL_FORMATS,
    source: new CustomSource({
      getSize: () => file.sizeBytes,
      read: (start, end) => file.readAt(start, end - start),
    }),
  });
  try {
    const picture = await input.getPrimaryVideoTrack();
    const sound = await input.getPrimaryAudioTrack();
    if (!picture) throw new GatewayError('not_video', 'The file has no video track');
    for (const track of sound ? [picture, sound] : [picture]) await checkLastPacket(track);
    const durationSeconds = pictureSeconds ?? (await picture.computeDuration());
    if (durationSeconds <= 0) throw new GatewayError('truncated', 'The video track has no length');
    return {
      durationSeconds: Math.round(durationSeconds * 1000) / 1000,
      width: await picture.getDisplayWidth(),
      height: await picture.getDisplayHeight(),
      hasAudio: sound !== null,
    };
  } catch (cause) {
    if (cause instanceof GatewayError || cause instanceof StorageError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('not_video', `The file cannot be read as a video: ${reason}`, { cause });
  } finally {
    input.dispose();
  }
}

/** A box of media data that is open to the end of the file has no size of its own to miss bytes by. */
async function checkLastPacket(track: InputTrack): Promise<void> {
  const last = await new EncodedPacketSink(track).getPacket(Number.POSITIVE_INFINITY);
  if (!last || last.data.length === 0 || last.data.length < last.byteLength) {
    throw new GatewayError('truncated', 'The end of the media data is missing');
  }
}

function differences(facts: Omit<VideoFacts, 'warnings'>, { body }: VideoRequest): string[] {
  const warnings: string[] = [];
  const asked = Number(body.seconds ?? body.duration);
  if (asked > 0 && Math.abs(facts.durationSeconds - asked) > durationSlackSeconds) {
    warnings.push(`The video has ${facts.durationSeconds} s, asked were ${asked} s`);
  }
  const size = typeof body.size === 'string' ? /^(\d+)[x*](\d+)$/.exec(body.size) : null;
  if (size && (Number(size[1]) !== facts.width || Number(size[2]) !== facts.height)) {
    warnings.push(`The video is ${facts.width}x${facts.height}, asked was ${size[1]}x${size[2]}`);
  }
  return warnings;
}
