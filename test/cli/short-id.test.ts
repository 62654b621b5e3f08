import { expect, test } from 'vitest';
import { fullId, shortId } from '../../src/cli/short-id.ts';
import type { VideoClient } from '../../src/client.ts';

const digest = '8c6976e5b541'.padEnd(64, '0');
const other = '8c6976ffffff'.padEnd(64, '0');

const clientWith = (...ids: string[]) =>
  ({
    list: async () =>
      ids.map((id) => ({
        videoId: `video/${id}`,
        phase: 'stored',
        billed: 'yes',
        startedAt: '2026-11-23T05:00:00Z',
      })),
  }) as unknown as VideoClient;

test.each([
  [`video/${digest}`, '8c6976e5b541'],
  [`video/${digest}/take-2`, '8c6976e5b541/take-2'],
  ['video/cat-42', 'cat-42'],
])('shortId() of %s is %s', (videoId, short) => {
  expect(shortId(videoId)).toBe(short);
});

test('fullId() finds what list shows, take by take', async () => {
  const client = clientWith(digest, `${digest}/take-2`, other);
  expect(await fullId(client, '8c6976e5b541')).toBe(`video/${digest}`);
  expect(await fullId(client, '8c6976e5b541/take-2')).toBe(`video/${digest}/take-2`);
});

test('fullId() refuses to guess between two', async () => {
  await expect(fullId(clientWith(digest, other), '8c6976')).rejects.toThrow(/matches 2 videos/);
});

test('fullId() passes everything else on unchanged', async () => {
  const client = clientWith(digest);
  for (const id of ['cat-42', `video/${digest}`, digest, 'abcdef']) {
    expect(await fullId(client, id)).toBe(id);
  }
});
