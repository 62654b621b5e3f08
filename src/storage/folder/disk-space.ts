import type { VideoStorage } from '../video-storage.ts';

/** Warning threshold: 5 % of the disk, a common monitoring default, or the size of a few long videos. */
const nearlyFull = { share: 0.05, bytes: 1024 ** 3 };

export interface DiskSpace {
  freeBytes: number;
  totalBytes: number;
  nearlyFull: boolean;
}

/** Free disk space of a storage. Null for a bucket. @throws {StorageError} */
export async function diskSpace(storage: Pick<VideoStorage, 'space'>): Promise<DiskSpace | null> {
  const space = await storage.space();
  if (!space) return null;
  const limitBytes = Math.max(nearlyFull.bytes, nearlyFull.share * space.totalBytes);
  return { ...space, nearlyFull: space.freeBytes < limitBytes };
}
