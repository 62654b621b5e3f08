import type { VideoStorage } from '../video-storage.ts';

/** Time to make room: a twentieth of the disk, as most monitoring warns, or what a few long videos take. */
const nearlyFull = { share: 0.05, bytes: 1024 ** 3 };

export interface DiskSpace {
  freeBytes: number;
  totalBytes: number;
  nearlyFull: boolean;
}

/** What the disk of a storage still takes; null for a bucket. @throws {StorageError} */
export async function diskSpace(storage: Pick<VideoStorage, 'space'>): Promise<DiskSpace | null> {
  const space = await storage.space();
  if (!space) return null;
  const limitBytes = Math.max(nearlyFull.bytes, nearlyFull.share * space.totalBytes);
  return { ...space, nearlyFull: space.freeBytes < limitBytes };
}
