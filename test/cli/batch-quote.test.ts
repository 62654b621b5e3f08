import { expect, test } from 'vitest';
import { batchQuoteLines, priceLines } from '../../src/cli/batch/quote.ts';
import { pricesHere } from '../../src/cli/models/price-source.ts';
import type { RowProspect } from '../../src/client.ts';
import type { BatchRow } from '../../src/contract/batch.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import { quoteBatch } from '../../src/manifest/quote-batch.ts';

const colors = { bold: (text: string) => text, dim: (text: string) => text };

function rows(count: number): BatchRow[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `row-${index + 1}`,
    line: index + 2,
    request: {
      format: 'videos',
      body: { model: 'sora-2', prompt: `scene ${index}`, seconds: '4' },
    },
    tags: [],
  }));
}

async function quoted(prospects: RowProspect[]) {
  const quote = await quoteBatch(rows(prospects.length), {
    lookUp: async () => prospects,
    name: 'a',
    date: '2026-01-02',
    prices: pricesBy({ 'sora-2': { perSecond: 0.1 } }),
    readText: async () => null,
  });
  const lines = batchQuoteLines(quote, colors as Parameters<typeof batchQuoteLines>[1]);
  return { quote, text: lines.join('\n') };
}

test('a row whose key was paid for another request is named with what to do, and stops no other row', async () => {
  const { quote, text } = await quoted(['started', 'conflict', 'cached', 'billed']);
  expect(quote.byOrigin.started.rows).toBe(1);
  expect(quote.conflicts).toEqual([{ line: 3, key: 'row-2' }]);
  expect(text).toContain('line 3, "row-2"');
  expect(text).toContain('give these rows other keys, or the batch another --name');
});

test('many such rows are counted, and some of them named', async () => {
  const { text } = await quoted(Array.from({ length: 14 }, () => 'conflict' as const));
  expect(text).toContain('14 rows');
  expect(text).toContain('and 4 more');
});

test('what is to be paid is named in money, and what cannot be told is counted', async () => {
  const { quote, text } = await quoted(['started', 'started', 'cached']);
  expect(quote.byOrigin.started).toMatchObject({ money: 0.8, rowsWithoutPrice: 0 });
  expect(text).toMatch(/to pay +2 videos, 8 s; at most 0\.8\n/);
  expect(text).toMatch(/cached +1 video, 4 s: already stored/);

  const mixed = { ...quote.byOrigin.started, rows: 3, rowsWithoutPrice: 1 };
  const unknown = { ...mixed, money: 0, rowsWithoutPrice: 3 };
  const line = (started: typeof mixed) =>
    batchQuoteLines(
      { ...quote, byOrigin: { ...quote.byOrigin, started } },
      colors as Parameters<typeof batchQuoteLines>[1],
    ).join('\n');
  expect(line(mixed)).toContain('at most 0.8 and 1 whose price is not known');
  expect(line(unknown)).toContain('the price is not known');
});

test('a quote names the list that its prices are of, and what caps make of it', async () => {
  const { quote } = await quoted(['started']);
  const sources = {
    GATEWAY_PRICES: { from: 'GATEWAY_PRICES', date: null },
    gateway: { from: 'gateway', date: '2026-11-20' },
    catalogue: { from: 'catalogue', date: '2026-09-17' },
  } as const;
  const linesOf = (name: keyof typeof sources, asked = quote) =>
    priceLines(
      asked,
      { sourceOf: () => sources[name] },
      colors as Parameters<typeof priceLines>[2],
    ).join('\n');
  expect(linesOf('GATEWAY_PRICES')).toMatch(/prices +GATEWAY_PRICES$/);
  expect(linesOf('gateway')).toMatch(/the gateway's price list of 2026-11-20$/);
  expect(linesOf('catalogue')).toMatch(/2026-09-17; caps in money do not use recorded prices$/);
  expect(linesOf('catalogue', { ...quote, byModel: [] })).toBe('');
});

test('a batch is quoted by the catalogue where there is neither a key nor a price of the owner', async () => {
  const nothing = { readSmall: async () => null, writeSmall: async () => {} };
  const prices = await pricesHere({ GATEWAY_PRICES: '{"veo-3.1":{"perVideo":3}}' }, nothing);
  expect(prices.of({ model: 'SD2.5 720P', seconds: 5, resolution: '720p' })).toBe(4.75);
  expect(prices.sourceOf('SD2.5 720P')).toMatchObject({ from: 'catalogue' });
  expect(prices.of({ model: 'veo-3.1', seconds: 8 })).toBe(3);
});
