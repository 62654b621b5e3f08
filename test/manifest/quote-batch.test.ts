import { expect, test } from 'vitest';
import type { BatchRow } from '../../src/contract/batch.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import type { RowIdentity, RowProspect } from '../../src/contract/row-prospect.ts';
import { quoteBatch } from '../../src/manifest/quote-batch.ts';

function row(key: string, line: number): BatchRow {
  const body = { model: 'sora-2', prompt: `scene of {{date}}`, seconds: '4' };
  return { key, line, request: { format: 'videos', body }, tags: [] };
}

async function quoted(rows: readonly BatchRow[], prospects: RowProspect[]) {
  const asked: RowIdentity[] = [];
  const found = await quoteBatch(rows, {
    lookUp: async (identities) => {
      asked.push(...identities);
      return prospects;
    },
    name: 'launch',
    date: '2026-01-02',
    prices: pricesBy({ 'sora-2': { perSecond: 0.1 } }),
    readText: async () => null,
  });
  return { found, asked };
}

test('the rows of a batch are looked up by the ids that its videos get on that day', async () => {
  const { asked } = await quoted([row('cat-{{date}}', 2), row('dog', 3)], ['started', 'started']);
  expect(asked.map(({ videoId }) => videoId)).toEqual([
    'video/launch/cat-2026-01-02',
    'video/launch/dog',
  ]);
  expect(asked.every(({ requestDigest }) => /^[0-9a-f]{64}$/.test(requestDigest))).toBe(true);
});

test('rows that were billed before or conflict are counted, and are not in the amount to pay', async () => {
  const rows = ['a', 'b', 'c', 'd'].map((key, index) => row(key, index + 2));
  const { found } = await quoted(rows, ['started', 'joined', 'billed', 'conflict']);
  expect(found.byOrigin.started).toMatchObject({ rows: 1, money: 0.4 });
  expect(found.byOrigin.joined.rows).toBe(1);
  expect(found.billedBefore).toBe(1);
  expect(found.conflicts).toEqual([{ line: 5, key: 'd' }]);
});
