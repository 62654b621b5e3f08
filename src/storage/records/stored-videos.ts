import type { StoredVideo } from '../../contract/stored-video.ts';
import { maxSidecarBytes, readSidecar, type VideoSidecar } from '../../contract/video-sidecar.ts';
import { isVideoKey, sidecarKey, videoKey, videoPrefix } from '../../identity/object-key.ts';
import { readAhead } from '../read-ahead.ts';
import type { StoredObject, VideoStorage } from '../video-storage.ts';

/** A video as recorded in the storage, independent of Temporal. */
export interface KeptVideo {
  /** Object key of the video. */
  key: string;
  /** Null if only the sidecar exists: a removal was interrupted after deleting the video. */
  sizeBytes: number | null;
  /** Null if the sidecar is missing or cannot be parsed. */
  sidecar: VideoSidecar | null;
  /** From the sidecar, otherwise the file's modification time. Milliseconds since the epoch. */
  storedAt: number;
}

/**
 * Lists all videos in key order.
 *
 * @throws {StorageError}
 */
export function listKeptVideos(storage: VideoStorage): AsyncGenerator<KeptVideo> {
  return readAhead(listPairs(storage), (pair) => readKept(storage, pair));
}

/** Reads the sidecar of a video. Null if there is none. @throws {StorageError} */
export async function readSidecarOf(
  storage: Pick<VideoStorage, 'readSmall'>,
  key: string,
): Promise<VideoSidecar | null> {
  const bytes = await storage.readSmall(sidecarKey(key), maxSidecarBytes);
  return bytes && readSidecar(Buffer.from(bytes).toString('utf8'));
}

/** Finds a video by its sidecar when no other record of it exists. Null if there is none. @throws {StorageError} */
export async function findStored(
  storage: Pick<VideoStorage, 'readSmall' | 'uriOf'>,
  videoId: string,
): Promise<StoredVideo | null> {
  const sidecar = await readSidecarOf(storage, videoKey(videoId));
  if (!sidecar) return null;
  const key = videoKey(videoId, sidecar.contentType);
  const { sizeBytes, sha256, contentType, durationSeconds, width, height, hasAudio, warnings } =
    sidecar;
  const facts = { durationSeconds, width, height, hasAudio, warnings };
  return { key, uri: storage.uriOf(key), sizeBytes, sha256, contentType, ...facts };
}

/** A video and its sidecar. At least one of the two exists. */
interface Pair {
  key: string;
  file?: StoredObject;
  sidecar?: StoredObject;
}

/** A sidecar is listed right before its video: the names differ only in the extension, and `json` sorts first. */
async function* listPairs(storage: VideoStorage): AsyncGenerator<Pair> {
  let waiting: StoredObject | null = null;
  for await (const object of storage.list(videoPrefix)) {
    if (isVideoKey(object.key)) {
      const isPair = waiting?.key === sidecarKey(object.key);
      if (waiting && !isPair) yield withoutFile(waiting);
      yield { key: object.key, file: object, ...(isPair && waiting && { sidecar: waiting }) };
      waiting = null;
    } else if (object.key.endsWith('.json')) {
      if (waiting) yield withoutFile(waiting);
      waiting = object;
    }
  }
  if (waiting) yield withoutFile(waiting);
}

/** Any video extension works here, because the sidecar is found by the key of any format. */
function withoutFile(sidecar: StoredObject): Pair {
  return { key: sidecar.key.replace(/\.json$/, '.mp4'), sidecar };
}

async function readKept(
  storage: VideoStorage,
  { key, file, sidecar: object }: Pair,
): Promise<KeptVideo> {
  const sidecar = object ? await readSidecarOf(storage, key) : null;
  const saidAt = sidecar ? Date.parse(sidecar.storedAt) : NaN;
  const writtenAt = (file ?? object)?.modifiedAt ?? 0;
  const storedAt = Number.isNaN(saidAt) ? writtenAt : saidAt;
  return { key, sizeBytes: file?.sizeBytes ?? null, sidecar, storedAt };
}
