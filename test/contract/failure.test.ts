import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failures, isFailureKind } from '../../src/contract/failure.ts';

const table = Object.entries(failures);

describe('each kind of failure', () => {
  test.each(table)('%s has an explanation in full sentences', (_kind, traits) => {
    expect(traits.meaning).toMatch(/^[A-Z].+\.$/);
    expect(traits.whatToDo).toMatch(/.{10,}\.$/);
  });

  test.each(table.filter(([, { retryable }]) => retryable))(
    '%s, which is retried automatically, cannot have charged a second time',
    (_kind, { billed }) => {
      expect(['no', 'yes']).toContain(billed);
    },
  );

  test.each(table.filter(([, { billed }]) => billed !== 'no'))(
    '%s, which may have cost money, is never explained with advice to simply start again',
    (_kind, { whatToDo }) => {
      expect(whatToDo).not.toMatch(/start it again/);
    },
  );
});

test('exactly the failures after the job succeeded are certainly billed', () => {
  const paid = table.filter(([, { billed }]) => billed === 'yes').map(([kind]) => kind);
  expect(paid.sort()).toEqual([
    'blocked_url',
    'not_video',
    'result_expired',
    'result_missing',
    'too_large',
    'truncated',
  ]);
});

test('the kinds, which histories and other services store, are never renamed', () => {
  expect(Object.keys(failures)).toEqual(
    expect.arrayContaining([
      'invalid_request',
      'moderation',
      'auth',
      'quota',
      'rate_limited',
      'no_channel',
      'gateway_unavailable',
      'submit_unknown',
      'abandoned',
      'key_conflict',
      'task_not_found',
      'task_failed',
      'task_timeout',
      'deadline',
      'storage_unavailable',
    ]),
  );
});

describe('isFailureKind()', () => {
  test('accepts every kind', () => {
    expect(Object.keys(failures).every(isFailureKind)).toBe(true);
  });

  test.each(['', 'VideoPending', 'toString', '__proto__', 'constructor', null, undefined, 7, {}])(
    'refuses %j',
    (word) => {
      expect(isFailureKind(word)).toBe(false);
    },
  );

  test('accepts nothing but the kinds', () => {
    fc.assert(
      fc.property(fc.anything(), (word) => {
        expect(isFailureKind(word)).toBe(Object.keys(failures).includes(word as string));
      }),
    );
  });
});
