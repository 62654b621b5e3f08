import { ApplicationFailure } from '@temporalio/common';
import type { BatchRowResult } from '../../contract/batch.ts';
import { readRowResult } from '../../contract/batch-origins.ts';
import { failures, type VideoFailure } from '../../contract/failure.ts';
import { keyFault } from '../../storage/checked-keys.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** A partition has at most a few hundred rows; each row or result has a few KB. */
const maxPartitionBytes = 16 * 1024 * 1024;

/** Reads the results of a partition, in the order of the manifest; empty if nothing was written yet. */
export async function readResults(storage: VideoStorage, key: string): Promise<BatchRowResult[]> {
  return (await readLines(storage, key)).map(readRowResult);
}

/** Reads a small JSONL object that this project has written. */
export async function readJsonLines<T>(storage: VideoStorage, key: string): Promise<T[]> {
  return (await readLines(storage, key)).map((line) => JSON.parse(line) as T);
}

async function readLines(storage: VideoStorage, key: string): Promise<string[]> {
  const bytes = await storage.readSmall(checkedKey(key), maxPartitionBytes);
  if (bytes === null) return [];
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return lines.filter((line) => line !== '');
}

/**
 * Checks an object key from the input: a batch that was started by name may contain any key.
 *
 * @throws {ApplicationFailure} `invalid_request`
 */
export function checkedKey(key: string): string {
  const fault = keyFault(key);
  if (fault === undefined) return key;
  throw badBatch(`Cannot use the object key ${JSON.stringify(key.slice(0, 200))}: ${fault}`);
}

export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** The batch itself is invalid; none of its videos was started. */
export function badBatch(message: string): ApplicationFailure {
  const kind = 'invalid_request';
  const failure: VideoFailure = { kind, message, billed: failures[kind].billed };
  return ApplicationFailure.create({
    type: kind,
    message,
    nonRetryable: true,
    details: [failure],
  });
}
