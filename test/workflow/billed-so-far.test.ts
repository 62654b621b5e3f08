import { expect, test } from 'vitest';
import type { SubmitFailure } from '../../src/contract/activities.ts';
import { billedSoFar } from '../../src/workflows/billed-so-far.ts';

const failure: SubmitFailure = {
  kind: 'no_channel',
  outcome: 'not_accepted',
  billed: 'no',
  message: 'x',
};
const laterRun = { billedBefore: 'no', isLaterRun: true } as const;
const firstRun = { billedBefore: 'no', isLaterRun: false } as const;

test.each<[string, Partial<SubmitFailure>, 'no' | 'maybe']>([
  ['whose claims could not be read', { kind: 'storage_unavailable' }, 'maybe'],
  ['that no worker answered', { kind: 'worker_lost' }, 'maybe'],
  ['whose key it had to close itself', { kind: 'worker_lost', closedKey: true }, 'maybe'],
  ['whose closed key was read', { kind: 'worker_lost', closedKey: true, held: true }, 'no'],
  ['that waits for a slot', { kind: 'rate_limited', held: true, waiting: true }, 'no'],
  ['that the gateway did not accept', {}, 'no'],
])('of a later run, a submit %s is billed: %s', (_, more, billed) => {
  expect(billedSoFar({ ...failure, ...more }, laterRun)).toBe(billed);
  expect(billedSoFar({ ...failure, ...more }, firstRun)).toBe('no');
});

test('the billing status of a run keeps what an earlier submit may have cost, and adds what this one may have cost', () => {
  expect(billedSoFar(failure, { ...firstRun, billedBefore: 'maybe' })).toBe('maybe');
  expect(billedSoFar({ ...failure, billed: 'maybe' }, firstRun)).toBe('maybe');
  expect(billedSoFar({ ...failure, billed: 'yes' }, firstRun)).toBe('yes');
});
