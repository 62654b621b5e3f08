import { expect, test } from 'vitest';
import { durationText, readDuration } from '../../src/contract/duration-text.ts';

test.each(['90s', '30m', '6h', '1d', '90m', '36h'])('%s is written as it was read', (text) => {
  expect(durationText(readDuration(text) ?? 0)).toBe(text);
});

test.each(['', '0m', '5', 'm', '1.5h', '-1h', '1w', '1h '])('%j is no duration', (text) => {
  expect(readDuration(text)).toBe(null);
});
