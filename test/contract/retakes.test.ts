import { describe, expect, test } from 'vitest';
import type { VideoFailure } from '../../src/contract/failure.ts';
import { retakeKindOf, retakesLeft, retakesProblem } from '../../src/contract/retakes.ts';

describe('retakes', () => {
  test.each([
    { kinds: ['moderation'], max: 1 },
    { kinds: ['moderation', 'task_failed', 'task_timeout'], max: 10 },
  ])('%j are accepted', (retakes) => {
    expect(retakesProblem(retakes)).toBeNull();
  });

  test.each([
    [{ kinds: ['moderation'], max: 0 }, '"max"'],
    [{ kinds: ['moderation'], max: 11 }, '"max"'],
    [{ kinds: ['moderation'], max: 1.5 }, '"max"'],
    [{ kinds: ['moderation'] }, '"max"'],
    [{ kinds: [], max: 1 }, '"kinds"'],
    [{ kinds: ['auth'], max: 1 }, '"kinds"'],
    [{ kinds: 'moderation', max: 1 }, '"kinds"'],
    [null, '"max"'],
    ['often', '"max"'],
  ])('%j are refused, and the field is named', (retakes, field) => {
    expect(retakesProblem(retakes)).toContain(field);
  });
});

const failed: VideoFailure = { kind: 'task_failed', message: 'no', billed: 'no', jobId: 'task_1' };

test.each([
  [failed, 'task_failed'],
  [{ ...failed, kind: 'task_timeout' }, 'task_timeout'],
  [{ ...failed, about: 'moderation' }, 'moderation'],
  [{ ...failed, billed: 'maybe' }, null],
  [{ ...failed, billed: 'yes' }, null],
  [{ kind: 'moderation', message: 'refused before a job was made', billed: 'no' }, null],
  [{ ...failed, kind: 'cap_exceeded' }, null],
] satisfies [VideoFailure, string | null][])('%j may be made again as %j', (failure, kind) => {
  expect(retakeKindOf(failure)).toBe(kind);
});

test.each([
  [0, 2],
  [1, 1],
  [2, undefined],
  [3, undefined],
])(
  'after %i failed takes of two that are allowed, a run that starts again has %s',
  (taken, max) => {
    expect(retakesLeft({ kinds: ['moderation'], max: 2 }, taken)?.max).toBe(max);
  },
);

test('a run without retakes starts again without retakes', () => {
  expect(retakesLeft(undefined, 0)).toBeUndefined();
});
