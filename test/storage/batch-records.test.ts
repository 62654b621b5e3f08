import { expect, test } from 'vitest';
import type { BatchRow } from '../../src/contract/batch.ts';
import { readBatchResults } from '../../src/storage/records/batch-results.ts';
import { batchManifestKey, storeManifest } from '../../src/storage/records/stored-manifests.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

function row(prompt: string): BatchRow {
  const request = { format: 'videos', body: { model: 'sora-2', prompt } } as const;
  return { key: 'cat', line: 2, request, tags: [] };
}

test('equal rows are stored under one key, and other rows never replace them', async () => {
  const { storage } = await tempStorage();
  const keyOf = (digest: string) => batchManifestKey('launch', digest);
  const first = await storeManifest([row('a')], { storage, keyOf });
  expect(first).toMatch(/^batches\/launch\/manifest-[0-9a-f]{12}\.jsonl$/);
  expect(await storeManifest([row('a')], { storage, keyOf })).toBe(first);
  expect(await storeManifest([row('b')], { storage, keyOf })).not.toBe(first);
  const stored = await storage.readSmall(first, 10_000);
  expect(Buffer.from(stored ?? []).toString()).toBe(`${JSON.stringify(row('a'))}\n`);
});

test('the results of a batch are those of all its parts, in their order, and of no other run', async () => {
  const { storage } = await tempStorage();
  const write = (key: string, ...keys: string[]) =>
    storage.writeSmall(
      key,
      Buffer.from(keys.map((each) => `${JSON.stringify({ key: each, origin: 'hit' })}\n`).join('')),
    );
  await write('batches/a/1/results-0002.jsonl', 'c');
  await write('batches/a/1/results-0001.jsonl', 'a', 'b');
  await write('batches/a/2/results-0001.jsonl', 'x');
  const results = await readBatchResults(storage, 'batches/a/1');
  expect(results.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(results.every(({ origin }) => origin === 'cached')).toBe(true);
});
