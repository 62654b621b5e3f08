import { expect, test } from 'vitest';
import type { BatchRow } from '../../src/contract/batch.ts';
import { readBatchPart, readBatchResults } from '../../src/storage/records/batch-results.ts';
import {
  batchManifestKey,
  isManifestDigest,
  readManifestKey,
  readStoredManifest,
  storeManifest,
} from '../../src/storage/records/stored-manifests.ts';
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
  expect(batchManifestKey('launch', readManifestKey(first)?.digest ?? '')).toBe(first);
  expect(readManifestKey('schedules/launch.jsonl')).toBe(null);
  expect(await readStoredManifest(storage, first)).toEqual([row('a')]);
  expect(await readStoredManifest(storage, batchManifestKey('launch', 'none'))).toBe(null);
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

test('a part of a batch has its rows, the results that they have so far, and says whether more follow', async () => {
  const { storage } = await tempStorage();
  const write = (name: string, value: object) =>
    storage.writeSmall(`batches/a/1/${name}.jsonl`, Buffer.from(`${JSON.stringify(value)}\n`));
  await write('part-0001', row('a'));
  await write('part-0002', row('b'));
  await write('results-0001', { key: 'cat', origin: 'started' });
  const read = (number: number) => readBatchPart(storage, { folder: 'batches/a/1', number });
  expect(await read(1)).toMatchObject({
    rows: [row('a')],
    results: [{ key: 'cat' }],
    isLast: false,
  });
  expect(await read(2)).toMatchObject({ rows: [row('b')], results: [], isLast: true });
  expect(await read(3)).toBe(null);
});

test.each([
  ['0123456789ab', true],
  ['0123456789AB', false],
  ['0123456789', false],
  ['../456789ab', false],
  ['0123456789ab\n', false],
])('%j may name a manifest: %s', (text, expected) => {
  expect(isManifestDigest(text)).toBe(expected);
});
