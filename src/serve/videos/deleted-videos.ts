import { deletedVideoKey, sidecarKey, videoKey } from '../../identity/object-key.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/**
 * Marks a video as deleted, and removes its file and sidecar. Its runs stay until Temporal's retention, because a server
 * takes long to delete one, and terminates one that was started again. Its claim stays for good.
 *
 * @param fileKey Object key of its file; absent if it has none.
 * @throws {StorageError} It can be repeated.
 */
export async function markDeleted(
  storage: Pick<VideoStorage, 'remove' | 'writeSmall'>,
  videoId: string,
  { fileKey, deletedAt }: { fileKey: string | undefined; deletedAt: Date },
): Promise<void> {
  const mark = JSON.stringify({ videoId, deletedAt: deletedAt.toISOString() });
  await storage.writeSmall(deletedVideoKey(videoId), Buffer.from(mark));
  if (fileKey !== undefined) await storage.remove(fileKey);
  await storage.remove(sidecarKey(videoKey(videoId)));
}

/** Whether a tenant has deleted this video. @throws {StorageError} */
export async function isDeleted(
  storage: Pick<VideoStorage, 'head'>,
  videoId: string,
): Promise<boolean> {
  return (await storage.head(deletedVideoKey(videoId))) !== null;
}
