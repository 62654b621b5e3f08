import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { BatchRow } from '../../contract/batch.ts';
import type { VideoStorage } from '../video-storage.ts';

const digestLength = 12;

/** Writes the rows to the storage for the workers. @param keyOf Object key for a short digest of all rows. */
export async function storeManifest(
  rows: readonly BatchRow[],
  {
    storage,
    keyOf,
  }: { storage: Pick<VideoStorage, 'writeSmall'>; keyOf: (digest: string) => string },
): Promise<string> {
  const bytes = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const key = keyOf(createHash('sha256').update(bytes).digest('hex').slice(0, digestLength));
  await storage.writeSmall(key, bytes);
  return key;
}

/** Reads the rows of a stored manifest; null if there is none. */
export async function readStoredManifest(
  storage: Pick<VideoStorage, 'head' | 'read'>,
  key: string,
): Promise<BatchRow[] | null> {
  if ((await storage.head(key)) === null) return null;
  const input = Readable.from(storage.read(key));
  const rows: BatchRow[] = [];
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') rows.push(JSON.parse(line) as BatchRow);
  }
  return rows;
}

/** Object key of a checked manifest of a batch, named by its rows: other rows never replace it. */
export function batchManifestKey(name: string, digest: string): string {
  return `batches/${name}/manifest-${digest}.jsonl`;
}

/** The batch and the digest in an object key of {@link batchManifestKey}; null for other keys. */
export function readManifestKey(key: string): { name: string; digest: string } | null {
  const [, name = '', digest = ''] =
    /^batches\/([^/]+)\/manifest-([0-9a-f]+)\.jsonl$/.exec(key) ?? [];
  return isManifestDigest(digest) ? { name, digest } : null;
}

/** True for what {@link storeManifest} may have put into the key of a manifest. */
export function isManifestDigest(text: string): boolean {
  return new RegExp(`^[0-9a-f]{${digestLength}}$`).test(text);
}

/** Object key of the manifest of a schedule. A later one replaces it, and each firing reads the current one. */
export function scheduleManifestKey(name: string): string {
  return `schedules/${name}.jsonl`;
}
