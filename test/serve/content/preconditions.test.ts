import { expect, test } from 'vitest';
import { checkPreconditions, rangeApplies } from '../../../src/serve/content/preconditions.ts';

const file = { etag: '"abc"', lastModified: new Date('2026-11-30T10:00:00.700Z') };
const same = 'Mon, 30 Nov 2026 10:00:00 GMT';
const earlier = 'Mon, 30 Nov 2026 09:59:59 GMT';

test.each<[Record<string, string>, 'met' | 'failed' | 'not_modified']>([
  [{}, 'met'],
  [{ 'if-match': '"abc"' }, 'met'],
  [{ 'if-match': '"x", "abc"' }, 'met'],
  [{ 'if-match': '*' }, 'met'],
  [{ 'if-match': '"x"' }, 'failed'],
  [{ 'if-match': 'W/"abc"' }, 'failed'],
  [{ 'if-match': 'abc' }, 'failed'],
  [{ 'if-unmodified-since': same }, 'met'],
  [{ 'if-unmodified-since': earlier }, 'failed'],
  [{ 'if-unmodified-since': earlier, 'if-match': '"abc"' }, 'met'],
  [{ 'if-unmodified-since': 'yesterday' }, 'met'],
  [{ 'if-none-match': '"abc"' }, 'not_modified'],
  [{ 'if-none-match': 'W/"abc"' }, 'not_modified'],
  [{ 'if-none-match': '"a,b", "abc"' }, 'not_modified'],
  [{ 'if-none-match': '*' }, 'not_modified'],
  [{ 'if-none-match': '"x"' }, 'met'],
  [{ 'if-none-match': '"x"', 'if-modified-since': same }, 'met'],
  [{ 'if-none-match': '"abc"', 'if-match': '"x"' }, 'failed'],
  [{ 'if-modified-since': same }, 'not_modified'],
  [{ 'if-modified-since': earlier }, 'met'],
  [{ 'if-modified-since': 'yesterday' }, 'met'],
])('the preconditions %j are %s', (headers, expected) => {
  expect(checkPreconditions(new Headers(headers), file)).toBe(expected);
});

test('without a date of the file, dates are no preconditions', () => {
  const headers = new Headers({ 'if-modified-since': same, 'if-unmodified-since': earlier });
  expect(checkPreconditions(headers, { etag: file.etag })).toBe('met');
});

test.each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ 'if-range': '"abc"' }, true],
  [{ 'if-range': 'W/"abc"' }, false],
  [{ 'if-range': '"x"' }, false],
  [{ 'if-range': same }, false],
])('a range with the headers %j applies: %s', (headers, expected) => {
  expect(rangeApplies(new Headers(headers), file)).toBe(expected);
});
