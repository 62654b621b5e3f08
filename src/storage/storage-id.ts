import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { VideoStorage } from './video-storage.ts';

const key = 'storage-id.json';
const maxBytes = 1_024;
const schema = z.object({ id: z.string().min(1) });

/**
 * Unique id of a storage, created on first use and copied with it. Claims protect only if all workers of an account
 * share one storage.
 *
 * @throws {StorageError}
 */
export async function storageIdOf(storage: VideoStorage): Promise<string> {
  const found = await readStorageId(storage);
  if (found !== null) return found;
  const id = randomUUID();
  if (await storage.createSmall(key, Buffer.from(`${JSON.stringify({ id })}\n`))) return id;
  return (await readStorageId(storage)) ?? id;
}

/** Null if no worker has used the storage yet. */
export async function readStorageId(storage: VideoStorage): Promise<string | null> {
  const bytes = await storage.readSmall(key, maxBytes);
  return bytes && schema.parse(JSON.parse(Buffer.from(bytes).toString())).id;
}
