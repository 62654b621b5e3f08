import type { BatchRowResult } from '../../contract/batch.ts';
import { readRowResult } from '../../contract/batch-origins.ts';
import type { VideoStorage } from '../video-storage.ts';

/** A part has at most some hundred results of a few KB. */
const maxPartBytes = 16 * 1024 * 1024;

/** Reads the results that a batch has so far. @param folder As the status of the batch has it. */
export async function readBatchResults(
  storage: Pick<VideoStorage, 'list' | 'readSmall'>,
  folder: string,
): Promise<BatchRowResult[]> {
  const results: BatchRowResult[] = [];
  for await (const { key } of storage.list(`${folder}/results-`)) {
    const bytes = await storage.readSmall(key, maxPartBytes);
    const lines = Buffer.from(bytes ?? [])
      .toString('utf8')
      .split('\n');
    for (const line of lines) if (line !== '') results.push(readRowResult(line));
  }
  return results;
}
