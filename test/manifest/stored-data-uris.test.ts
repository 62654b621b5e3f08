import { expect, test } from 'vitest';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { inlineDataUris } from '../../src/identity/stored-data-uris.ts';
import { dataUri } from '../fakes/data-uris.ts';
import { read, problemsOf } from './read.ts';

const row = { model: 'kling-v1', prompt: 'a cat on {{date}}', image: dataUri };
const rows = JSON.stringify(row);

test('a long data URI of a row is stored, and the row keeps the key and the digest that were paid for', async () => {
  const kept = new Map<string, string>();
  const storeText = async (text: string, sha256: string) => void kept.set(sha256, text);
  const [inline] = (await read(rows, { name: 'rows.jsonl' })).rows;
  const [stored] = (await read(rows, { name: 'rows.jsonl', storeText })).rows;
  if (!inline || !stored) throw new Error('A row is missing');
  expect(JSON.stringify(stored)).not.toContain('AAAA');
  expect(stored.key).toBe(inline.key);
  expect(requestDigest(stored.request)).toBe(requestDigest(inline.request));
  const readText = async (sha256: string) => kept.get(sha256) ?? null;
  expect(await inlineDataUris(stored.request, readText)).toEqual(inline.request);
});

test('a row whose data URI is larger than a request may be is taken, where it can be stored', async () => {
  const large = JSON.stringify({ ...row, image: dataUri + 'A'.repeat(300_000) });
  const storeText = async () => {};
  expect((await read(large, { name: 'rows.jsonl', storeText })).rows).toHaveLength(1);
  expect(await problemsOf(large, { name: 'rows.jsonl' })).toMatchObject([
    expect.stringContaining('pass images as files or URLs'),
  ]);
});
