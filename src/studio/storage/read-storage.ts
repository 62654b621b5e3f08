import type { RetentionInput } from '../../contract/retention.ts';
import { measureUsage, type StorageUsage } from '../../storage/records/storage-usage.ts';
import { createSharedRead } from '../page/shared-read.ts';
import type { StudioPorts } from '../ports.ts';

/** The storage as the page shows it. */
export interface StorageView {
  /** Milliseconds since the epoch. */
  readAt: number;
  usage: StorageUsage;
  /** By which old videos are deleted; null if none are. */
  rule: RetentionInput | null;
  /** Why the rule is not known; null if it is. */
  ruleProblem: string | null;
}

/** Every sidecar is read. */
const keptMs = 60_000;

type Ports = Pick<StudioPorts, 'storage' | 'videos' | 'now'>;

/** Reads the usage, which takes long for many videos, at most once a minute for all viewers. */
export function createStorageReader(ports: Ports): (key: 'all') => Promise<StorageView> {
  return createSharedRead({
    keptMs,
    now: ports.now,
    read: () => readStorage(ports),
    isCostly: true,
  });
}

async function readStorage({ storage, videos, now }: Ports): Promise<StorageView> {
  const [usage, rule] = await Promise.all([
    measureUsage(storage),
    videos.retention.rule().then(
      (found) => ({ rule: found, ruleProblem: null }),
      (error: unknown) => ({
        rule: null,
        ruleProblem: error instanceof Error ? error.message : String(error),
      }),
    ),
  ]);
  return { readAt: now(), usage, ...rule };
}
