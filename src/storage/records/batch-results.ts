import type { BatchRowResult, PartitionRow } from '../../contract/batch.ts';
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
    results.push(...(await readLines(storage, key)).map(readRowResult));
  }
  return results;
}

/** Some rows of a batch, with the results that they have so far. */
export interface BatchPart {
  rows: PartitionRow[];
  results: BatchRowResult[];
  isLast: boolean;
}

/** Reads a part of a batch; null if there is none. @param number From 1. */
export async function readBatchPart(
  storage: Pick<VideoStorage, 'readSmall' | 'head'>,
  { folder, number }: { folder: string; number: number },
): Promise<BatchPart | null> {
  const keyOf = (name: string, index: number) =>
    `${folder}/${name}-${String(index).padStart(4, '0')}.jsonl`;
  const rows = await readLines(storage, keyOf('part', number));
  if (rows.length === 0) return null;
  const results = await readLines(storage, keyOf('results', number));
  return {
    rows: rows.map((line) => JSON.parse(line) as PartitionRow),
    results: results.map(readRowResult),
    isLast: (await storage.head(keyOf('part', number + 1))) === null,
  };
}

async function readLines(storage: Pick<VideoStorage, 'readSmall'>, key: string): Promise<string[]> {
  const bytes = await storage.readSmall(key, maxPartBytes);
  const lines = Buffer.from(bytes ?? [])
    .toString('utf8')
    .split('\n');
  return lines.filter((line) => line !== '');
}
