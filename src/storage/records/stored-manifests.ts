import { createHash } from 'node:crypto';
import type { BatchRow } from '../../contract/batch.ts';
import type { VideoStorage } from '../video-storage.ts';

/** Writes the rows to the storage for the workers. @param keyOf Object key for a short digest of all rows. */
export async function storeManifest(
  rows: readonly BatchRow[],
  {
    storage,
    keyOf,
  }: { storage: Pick<VideoStorage, 'writeSmall'>; keyOf: (digest: string) => string },
): Promise<string> {
  const bytes = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const key = keyOf(createHash('sha256').update(bytes).digest('hex').slice(0, 12));
  await storage.writeSmall(key, bytes);
  return key;
}

/** Object key of a checked manifest of a batch, named by its rows: other rows never replace it. */
export function batchManifestKey(name: string, digest: string): string {
  return `batches/${name}/manifest-${digest}.jsonl`;
}

/** Object key of the manifest of a schedule. A later one replaces it, and each firing reads the current one. */
export function scheduleManifestKey(name: string): string {
  return `schedules/${name}.jsonl`;
}
