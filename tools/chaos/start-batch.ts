import { setTimeout as delay } from 'node:timers/promises';
import type { VideoClient } from '../../src/client.ts';
import type { BatchRow } from '../../src/contract/batch.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import type { PlannedVideo } from './plan.ts';

/** A small window, so that rows still wait while processes are killed. */
const window = 4;
const retryMs = 250;
const patienceMs = 60_000;

/** Starts one batch of these rows, with retries until the server responds. Returns the ids of their videos. */
export async function startBatch(
  client: VideoClient,
  batch: { name: string; rows: readonly PlannedVideo[]; storageFolder: string },
): Promise<string[]> {
  const { name, rows, storageFolder } = batch;
  const key = `batches/${name}/manifest.jsonl`;
  const lines = rows.map((row, index) => JSON.stringify(rowOf(row, index + 1)));
  const storage = createFileStorage({ folder: storageFolder });
  await storage.writeSmall(key, Buffer.from(lines.join('\n')));
  for (const until = Date.now() + patienceMs; ;) {
    try {
      await client.batches.start({ name, manifest: { key }, window });
      return rows.map((row) => `video/${name}/${row.key}`);
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(retryMs);
    }
  }
}

function rowOf({ key, request }: PlannedVideo, line: number): BatchRow {
  return { key, line, request, tags: [] };
}
