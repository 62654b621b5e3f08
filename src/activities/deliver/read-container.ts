import {
  CustomSource,
  EncodedPacketSink,
  Input,
  type InputTrack,
  MATROSKA,
  Mp4InputFormat,
  MPEG_TS,
  WEBM,
} from 'mediabunny';
import { type StoredVideo, videoEndings, type VideoType } from '../../contract/stored-video.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { CheckedFile } from '../../mp4/check-index.ts';

/** Without HLS, which would fetch the addresses in a playlist, and without audio formats. */
const otherFormats = [MATROSKA, WEBM, MPEG_TS];

export type VideoFacts = Pick<
  StoredVideo,
  'contentType' | 'durationSeconds' | 'width' | 'height' | 'hasAudio'
>;

/** What our own MP4/QuickTime box walk knows better than mediabunny. */
export interface WalkedMp4 {
  contentType: VideoType;
  /**
   * For fragmented files, mediabunny returns the length of the first part, or a wrong one. Absent if the index cannot
   * be read.
   */
  videoSeconds?: number | undefined;
}

/**
 * Reads the tracks of a video in any container that mediabunny supports. Of the media data it reads only the last
 * packet of each track, so that the time does not grow with the file.
 *
 * @throws {GatewayError} `truncated` or `not_video`
 * @throws {StorageError} The file could not be read, which says nothing about the video.
 */
export async function readContainer(file: CheckedFile, walked?: WalkedMp4): Promise<VideoFacts> {
  const input = new Input({
    formats: walked ? [new BoxedFormat()] : otherFormats,
    source: new CustomSource({
      getSize: () => file.sizeBytes,
      read: (start, end) => file.readAt(start, end - start),
    }),
  });
  try {
    const video = await input.getPrimaryVideoTrack();
    const audio = await input.getPrimaryAudioTrack();
    if (!video) throw new GatewayError('not_video', 'The file has no video track');
    for (const track of audio ? [video, audio] : [video]) await checkLastPacket(track);
    const durationSeconds = walked?.videoSeconds ?? (await lengthOf(video));
    if (durationSeconds <= 0) throw new GatewayError('truncated', 'The video track has no length');
    return {
      contentType: walked?.contentType ?? videoType((await input.getFormat()).mimeType),
      durationSeconds: Math.round(durationSeconds * 1000) / 1000,
      width: await video.getDisplayWidth(),
      height: await video.getDisplayHeight(),
      hasAudio: audio !== null,
    };
  } catch (cause) {
    if (cause instanceof GatewayError || cause instanceof StorageError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('not_video', `The file cannot be read as a video: ${reason}`, { cause });
  } finally {
    input.dispose();
  }
}

/** mediabunny expects `ftyp` at the start of a file; files that begin with other boxes are read as well. */
class BoxedFormat extends Mp4InputFormat {
  _canReadInput(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

/** Broadcast streams do not start at zero. */
async function lengthOf(track: InputTrack): Promise<number> {
  const from = await track.getFirstTimestamp();
  return (await track.computeDuration()) - Math.max(0, from);
}

function videoType(mimeType: string): VideoType {
  const type = mimeType.toLowerCase();
  const known = (Object.keys(videoEndings) as VideoType[]).find((candidate) => candidate === type);
  if (known) return known;
  throw new GatewayError('not_video', `The file is "${type}", which is not a video`);
}

/** A media data box that extends to the end of the file has no declared size, so missing bytes show only here. */
async function checkLastPacket(track: InputTrack): Promise<void> {
  const last = await new EncodedPacketSink(track).getPacket(Number.POSITIVE_INFINITY);
  if (!last || last.data.length === 0 || last.data.length < last.byteLength) {
    throw new GatewayError('truncated', 'The end of the media data is missing');
  }
}
