import { describe, expect, test } from 'vitest';
import { utcMinute } from '../../src/contract/clock-text.ts';
import { noSlotWords, placeWords } from '../../src/contract/place-in-queue.ts';

const utc = (iso: string) => iso.slice(11, 16);

describe('the words about a place in the queue', () => {
  test.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [21, '21st'],
    [112, '112th'],
    [122, '122nd'],
  ])('write place %i as %s', (place, text) => {
    expect(placeWords({ place, of: 900 }, utc)).toBe(`${text} of 900`);
  });

  test('name no place where it is not known', () => {
    expect(placeWords({ of: 5_000 }, utc)).toBe('one of 5000');
  });

  test('name the expected start, to the nearest minute', () => {
    const at = (time: string) =>
      placeWords({ place: 3, of: 12, expectedStart: `2026-11-30T${time}Z` }, utcMinute);
    expect(at('14:04:31.000')).toMatch(/^3rd of 12, expected to start at about .* 14:05 UTC$/);
    expect(at('14:04:29.000')).toMatch(/ 14:04 UTC$/);
  });

  test('say why there is no slot', () => {
    expect(noSlotWords(2)).toBe('All 2 slots are taken');
    expect(noSlotWords(1)).toBe('The only slot is taken');
    expect(noSlotWords(0)).toMatch(/limit of the account is 0 jobs/);
    expect(noSlotWords(undefined)).toBe('The admission has no slot free');
  });
});
