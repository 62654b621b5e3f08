import { describe, expect, test } from 'vitest';
import { progressPercent } from '../../src/gateway/jobs/progress.ts';
import { linkExpiryMs, timestampMs } from '../../src/gateway/jobs/timestamps.ts';

describe('progressPercent()', () => {
  test.each([
    [30, 30],
    ['30%', 30],
    ['30', 30],
    [' 42 % ', 42],
    [0, 0],
    [1, 1],
    [0.5, 50],
    ['0.5', 50],
    [33.3, 33.3],
    [100, 100],
    ['', undefined],
    [null, undefined],
    [Number.NaN, undefined],
    [101, undefined],
    [-1, undefined],
    ['half', undefined],
    [{}, undefined],
  ])('%j is %j', (value, expected) => {
    expect(progressPercent(value)).toBe(expected);
  });
});

describe('timestampMs()', () => {
  test.each([
    [1_795_405_935, 1_795_405_935_000],
    [1_795_405_935_514, 1_795_405_935_514],
    ['1795405935', 1_795_405_935_000],
    [0, undefined],
    ['', undefined],
    [null, undefined],
    [-1, undefined],
    ['soon', undefined],
  ])('%j is %j', (value, expected) => {
    expect(timestampMs(value)).toBe(expected);
  });
});

describe('linkExpiryMs()', () => {
  test.each([
    ['https://m/x?Expires=1795503600&Signature=a', 1_795_503_600_000],
    [
      'https://m/x?X-Tos-Date=20260720T032525Z&X-Tos-Expires=86400',
      Date.UTC(2026, 6, 21, 3, 25, 25),
    ],
    ['https://m/x?x-amz-date=20260720T032525Z&X-Amz-Expires=60', Date.UTC(2026, 6, 20, 3, 26, 25)],
    ['https://m/x?X-Amz-Date=yesterday&X-Amz-Expires=60', undefined],
    ['https://m/x', undefined],
  ])('%s', (url, expected) => {
    expect(linkExpiryMs(url)).toBe(expected);
  });
});
