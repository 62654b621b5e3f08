import type { FileTotal } from '../../contract/retention.ts';
import { diskSpace, type DiskSpace } from '../folder/disk-space.ts';
import { listKeptVideos } from './stored-videos.ts';
import type { VideoStorage } from '../video-storage.ts';

/** The usage of a storage. */
export interface StorageUsage extends FileTotal {
  /** When the oldest video was stored (ISO 8601). Absent if there are no videos. */
  oldest?: string;
  /** Largest first. `unknown` counts videos without a recorded request. */
  byModel: ({ model: string } & FileTotal)[];
  /** By the day (UTC) the video was stored, newest first. */
  byDay: ({ day: string } & FileTotal)[];
  /** Unfinished files and uploads. */
  temporary: FileTotal;
  /** Null for storages without a disk limit, such as a bucket. */
  space: DiskSpace | null;
}

/** Reads every sidecar once. @throws {StorageError} */
export async function measureUsage(storage: VideoStorage): Promise<StorageUsage> {
  const total: FileTotal = { count: 0, sizeBytes: 0 };
  const models = new Map<string, FileTotal>();
  const days = new Map<string, FileTotal>();
  let oldestAt = Infinity;
  for await (const { sizeBytes, sidecar, storedAt } of listKeptVideos(storage)) {
    if (sizeBytes === null) continue;
    count(total, sizeBytes);
    count(entryOf(models, sidecar?.model ?? 'unknown'), sizeBytes);
    count(entryOf(days, new Date(storedAt).toISOString().slice(0, 10)), sizeBytes);
    oldestAt = Math.min(oldestAt, storedAt);
  }
  return {
    ...total,
    ...(oldestAt !== Infinity && { oldest: new Date(oldestAt).toISOString() }),
    byModel: [...models]
      .map(([model, sum]) => ({ model, ...sum }))
      .toSorted((one, other) => other.sizeBytes - one.sizeBytes),
    byDay: [...days]
      .map(([day, sum]) => ({ day, ...sum }))
      .toSorted((one, other) => other.day.localeCompare(one.day)),
    temporary: await storage.leftovers(),
    space: await diskSpace(storage),
  };
}

function entryOf(totals: Map<string, FileTotal>, name: string): FileTotal {
  const found = totals.get(name) ?? { count: 0, sizeBytes: 0 };
  totals.set(name, found);
  return found;
}

function count(total: FileTotal, sizeBytes: number): void {
  total.count += 1;
  total.sizeBytes += sizeBytes;
}
