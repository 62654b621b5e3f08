import type { VideoReader } from '../contract/video-reader.ts';
import { claimObjectKey, sidecarKey, videoKey } from '../identity/object-key.ts';

/** Tells whether the storage has a claim or a video of an id: then it was paid for, or may have been. */
export async function isTaken(
  storage: Pick<VideoReader, 'head'>,
  videoId: string,
): Promise<boolean> {
  const video = videoKey(videoId);
  const keys = [claimObjectKey(videoId), video, sidecarKey(video)];
  const heads = await Promise.all(keys.map((key) => storage.head(key)));
  return heads.some((head) => head !== null);
}
