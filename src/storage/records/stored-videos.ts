import type { StoredVideo } from '../../contract/stored-video.ts';
import { maxSidecarBytes, readSidecar, type VideoSidecar } from '../../contract/video-sidecar.ts';
import { isVideoKey, sidecarKey, videoKey, videoPrefix } from '../../identity/object-key.ts';
import type { StoredObject, VideoStorage } from '../video-storage.ts';

/** Sidecars read at once when all are listed. */
const readAtOnce = 20;

/** A video as the storage knows it, whatever Temporal still does. */
export interface KeptVideo {
  /** Object key of the video. */
  key: string;
  /** Null where only the sidecar is left: a removal was broken off after the video. */
  sizeBytes: number | null;
  /** Null where there is none, or none that can be read. */
  sidecar: VideoSidecar | null;
  /** As the sidecar says, else when the file was written: milliseconds since the epoch. */
  storedAt: number;
}

/**
 * All videos in the order of their keys.
 *
 * @throws {StorageError}
 */
export async function* listKeptVideos(storage: VideoStorage): AsyncGenerator<KeptVideo> {
  let batch: Promise<KeptVideo>[] = [];
  for await (const pair of listPairs(storage)) {
    batch.push(readKept(storage, pair));
    if (batch.length < readAtOnce) continue;
    yield* await Promise.all(batch);
    batch = [];
  }
  yield* await Promise.all(batch);
}

/** The sidecar of a video, or null. @throws {StorageError} */
export async function readSidecarOf(
  storage: Pick<VideoStorage, 'readSmall'>,
  key: string,
): Promise<VideoSidecar | null> {
  const bytes = await storage.readSmall(sidecarKey(key), maxSidecarBytes);
  return bytes && readSidecar(Buffer.from(bytes).toString('utf8'));
}

/** A video as its sidecar describes it, for whoever has no other record of it; else null. @throws {StorageError} */
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

/** At least one of the two is there. */
interface Pair {
  key: string;
  file?: StoredObject;
  sidecar?: StoredObject;
}

/** A sidecar comes right before its video: the names differ in their endings only, and `json` is the first of them. */
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

/** Of whatever kind its video was: its key is found by the sidecar, too. */
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
