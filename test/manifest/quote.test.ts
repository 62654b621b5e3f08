import { describe, expect, test } from 'vitest';
import type { BatchRow, BatchRowOrigin } from '../../src/contract/batch.ts';
import { expandDate } from '../../src/manifest/rows/expand-date.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import { quote } from '../../src/manifest/quote.ts';

function row(key: string, body: Record<string, unknown>): BatchRow {
  const request = {
    format: 'videos' as const,
    body: { model: 'kling-v1', prompt: 'A cat', ...body },
  };
  return { key, line: 1, request, tags: [] };
}

describe('quote()', () => {
  const rows = [
    row('a', { duration: 5 }),
    row('b', { model: 'sora-2', seconds: '8' }),
    row('c', { duration: 10 }),
    row('d', { model: 'any-model' }),
    row('e', { duration: 7 }),
    row('f', { duration: 9 }),
  ];
  const origins: Record<string, BatchRowOrigin> = { e: 'cached', f: 'joined' };
  const prices = pricesBy({ 'kling-v1': { perSecond: 0.1 }, 'any-model': { perSecond: 1 } });
  const { all, byOrigin, byModel } = quote(rows, {
    originOf: ({ key }) => origins[key] ?? 'started',
    prices,
  });

  test('counts rows and seconds, and the rows of which nobody knows the length', () => {
    expect(all).toEqual({
      rows: 6,
      seconds: 39,
      rowsWithoutLength: 1,
      money: 3.1,
      rowsWithoutPrice: 2,
    });
  });

  test('tells what is new from what is there or under way', () => {
    expect(byOrigin).toEqual({
      started: { rows: 4, seconds: 23, rowsWithoutLength: 1, money: 1.5, rowsWithoutPrice: 2 },
      cached: { rows: 1, seconds: 7, rowsWithoutLength: 0, money: 0.7, rowsWithoutPrice: 0 },
      joined: { rows: 1, seconds: 9, rowsWithoutLength: 0, money: 0.9, rowsWithoutPrice: 0 },
    });
  });

  test('knows the length that a model of the catalogue makes by itself', () => {
    const tally = quote([row('a', { model: 'veo-3.1' })], {
      originOf: () => 'started',
      prices,
    }).all;
    expect(tally).toMatchObject({ rows: 1, seconds: 8, rowsWithoutLength: 0, rowsWithoutPrice: 1 });
  });

  test('names for each model only what is to be paid', () => {
    expect(byModel).toMatchObject([
      { model: 'kling-v1', rows: 2, seconds: 15, money: 1.5, rowsWithoutPrice: 0 },
      { model: 'sora-2', rows: 1, seconds: 8, money: 0, rowsWithoutPrice: 1 },
      { model: 'any-model', rows: 1, seconds: 0, rowsWithoutLength: 1, rowsWithoutPrice: 1 },
    ]);
  });
});

test('expandDate() puts the day in key, prompt and output, and nowhere else', () => {
  const given = {
    ...row('{{date}}/{{date}}', { prompt: 'On {{date}}', size: '{{date}}' }),
    output: '{{date}}.mp4',
  };
  const expanded = expandDate(given, '2026-11-23');
  expect(expanded).toEqual({
    ...row('2026-11-23/2026-11-23', { prompt: 'On 2026-11-23', size: '{{date}}' }),
    output: '2026-11-23.mp4',
  });
  expect(given.key).toBe('{{date}}/{{date}}');
});
