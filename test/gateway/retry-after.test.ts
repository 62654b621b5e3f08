import { expect, test } from 'vitest';
import { maxRetryAfterMs, retryAfterMs } from '../../src/gateway/transport/retry-after.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0);

test.each([
  ['2', 2_000],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['Mon, 23 Nov 2026 12:00:05 GMT', 5_000],
  ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
  ['999999', maxRetryAfterMs],
  ['Mon, 23 Nov 2099 12:00:05 GMT', maxRetryAfterMs],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
  ['2026', maxRetryAfterMs],
])('Retry-After "%s" waits %s ms', (text, expected) => {
  expect(retryAfterMs({ 'retry-after': text }, nowMs)).toBe(expected);
});

test('milliseconds win, and no header means nothing', () => {
  expect(retryAfterMs({ 'retry-after-ms': '250', 'retry-after': '9' }, nowMs)).toBe(250);
  expect(retryAfterMs({}, nowMs)).toBeUndefined();
});
