import { expect, test } from 'vitest';
import { readOrigins, readRowResult } from '../../src/contract/batch-origins.ts';

test('counts of an earlier worker, which wrote "hit", are read as "cached"', () => {
  expect(readOrigins({ started: 1, joined: 2, hit: 3 })).toEqual({
    started: 1,
    joined: 2,
    cached: 3,
  });
  expect(readOrigins({ started: 1, joined: 2, cached: 3 })).toEqual({
    started: 1,
    joined: 2,
    cached: 3,
  });
});

test('a stored row result of an earlier worker, which wrote "hit", is read as "cached"', () => {
  expect(readRowResult('{"key":"a","origin":"hit"}')).toEqual({ key: 'a', origin: 'cached' });
  expect(readRowResult('{"key":"a","origin":"joined"}')).toEqual({ key: 'a', origin: 'joined' });
});
