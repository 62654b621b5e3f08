import type { StoredVideo } from '../contract/stored-video.ts';
import { maxSidecarBytes, readSidecar } from '../contract/video-sidecar.ts';
import { sidecarKey, videoKey } from '../storage/object-key.ts';
import type { VideoStorage } from '../storage/video-storage.ts';

/** A video that is in the storage, and the job that it came from. */
export interface StoredBefore {
  jobId: string;
  video: StoredVideo;
}

/**
 * What is stored under the id of a video, by its sidecar; null where there is nothing whole.
 *
 * @throws {StorageError}
 */
export async function storedBefore(
  storage: Pick<VideoStorage, 'head' | 'readSmall' | 'uriOf'>,
  videoId: string,
): Promise<StoredBefore | null> {
  const bytes = await storage.readSmall(sidecarKey(videoKey(videoId)), maxSidecarBytes);
  const sidecar = bytes && readSidecar(Buffer.from(bytes).toString('utf8'));
  if (!sidecar) return null;
  const key = videoKey(videoId, sidecar.contentType);
  if ((await storage.head(key))?.sizeBytes !== sidecar.sizeBytes) return null;
  const { jobId, sizeBytes, sha256, contentType, durationSeconds } = sidecar;
  const { width, height, hasAudio, warnings } = sidecar;
  const facts = { durationSeconds, width, height, hasAudio, warnings };
  return {
    jobId,
    video: { key, uri: storage.uriOf(key), sizeBytes, sha256, contentType, ...facts },
  };
}
