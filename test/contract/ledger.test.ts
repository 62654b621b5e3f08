import { describe, expect, test } from 'vitest';
import { checkWindow, settlingMs } from '../../src/contract/ledger-check.ts';
import { settled, totalsBy, withRun, type LedgerEntry } from '../../src/contract/ledger.ts';

function entry(more: Partial<LedgerEntry> = {}): LedgerEntry {
  return settled({
    at: '2026-11-23T10:00:00.000Z',
    videoId: 'video/a',
    claimKey: 'video/a',
    jobId: 'task_1',
    model: 'kling-v1',
    tags: [],
    reserved: { seconds: 5, money: 0.1 },
    billed: 'maybe',
    state: 'accepted',
    ...more,
  });
}

describe('withRun()', () => {
  test.each([
    ['running', 'yes', undefined],
    ['cancelled', 'yes', undefined],
    ['failed', 'maybe', undefined],
    ['failed', 'yes', { seconds: 5, money: 0.1 }],
    ['delivering', 'yes', { seconds: 5, money: 0.1 }],
  ] as const)(
    'takes phase %s and billed %s from the run with the same job, and settles what cannot be refunded',
    (phase, billed, spent) => {
      const joined = withRun(entry(), { phase, billed, jobId: 'task_1' });
      expect(joined).toMatchObject({ state: phase, billed });
      expect(joined.settled).toEqual(spent);
    },
  );

  test('takes phase and billing of a submit without a job from a run without one', () => {
    const { jobId: _jobId, ...unknown } = entry({ state: 'unknown' });
    const run = { phase: 'unresolved', billed: 'maybe' } as const;
    expect(withRun(unknown, run)).toEqual({ ...unknown, state: 'unresolved' });
  });

  test.each([
    ['another job', { phase: 'failed', billed: 'maybe', jobId: 'task_2' }],
    ['no job', { phase: 'failed', billed: 'maybe' }],
    ['billed no, although there is a claim', { phase: 'failed', billed: 'no', jobId: 'task_1' }],
  ] as const)("keeps the claim's own state next to a run with %s", (_, run) => {
    expect(withRun(entry(), run)).toEqual(entry());
  });

  test('trusts a stored video over a run', () => {
    const stored = entry({ state: 'stored', billed: 'yes' });
    expect(withRun(stored, { phase: 'failed', billed: 'maybe', jobId: 'task_1' })).toEqual(stored);
  });
});

test('trusts a refund in the claim: billed no, in the state of the run', () => {
  const refunded = entry({ jobId: 'task_1', billed: 'no', charged: { quota: 0, money: 0 } });
  const run = { phase: 'failed', billed: 'no', jobId: 'task_1' } as const;
  expect(withRun(refunded, run)).toMatchObject({ state: 'failed', billed: 'no' });
});

describe('totalsBy()', () => {
  test('sums exactly, settles only what is certainly billed, and counts jobs of unknown cost', () => {
    const totals = totalsBy(
      [
        entry({ billed: 'yes', state: 'stored', charged: { quota: 70_000, money: 0.14 } }),
        entry({ billed: 'yes', state: 'stored', reserved: { seconds: 5, money: 0.2 } }),
        entry({ reserved: { seconds: 8 } }),
        entry({ model: 'sora-2', reserved: {} }),
      ],
      'model',
    );
    expect(totals).toEqual([
      {
        name: 'kling-v1',
        jobs: 3,
        billed: { no: 0, yes: 2, maybe: 1 },
        reserved: { videos: 3, seconds: 18, money: 0.3 },
        settled: { videos: 2, seconds: 10, money: 0.3 },
        charged: { jobs: 1, money: 0.14 },
        untold: { seconds: 0, money: 1, charge: 2 },
      },
      expect.objectContaining({ name: 'sora-2', untold: { seconds: 1, money: 1, charge: 1 } }),
    ]);
  });

  test('a billed job without a reported charge is counted beside a refunded one', () => {
    const refunded = entry({ billed: 'no', state: 'failed', charged: { quota: 0, money: 0 } });
    const [total] = totalsBy([refunded, entry({ billed: 'yes', state: 'stored' })], 'model');
    expect(total).toMatchObject({ charged: { jobs: 1, money: 0 }, untold: { charge: 1 } });
  });

  test('a job that is not billed has no unknown charge', () => {
    const [total] = totalsBy([entry({ billed: 'no', state: 'failed' })], 'model');
    expect(total?.untold.charge).toBe(0);
  });

  test.each([
    ['tag', ['(none)', 'a', 'b']],
    ['day', ['2026-11-22', '2026-11-23']],
    ['batch', ['(none)', 'launch']],
  ] as const)('groups by %s', (group, names) => {
    const entries = [
      entry({ tags: ['a', 'b', 'a'], batch: 'launch' }),
      entry({ at: '2026-11-22T23:59:59.999Z' }),
    ];
    expect(totalsBy(entries, group).map(({ name }) => name)).toEqual(names);
    expect(totalsBy(entries, group).every(({ jobs }) => jobs === 1)).toBe(true);
  });
});

test.each([0, -1, settlingMs, Number.NaN, undefined])(
  'a check that looks back %j ms is refused',
  (sinceMs) => {
    expect(() => checkWindow({ sinceMs: sinceMs as number }, 1e12)).toThrow(RangeError);
  },
);
