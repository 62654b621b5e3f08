import { expect, test } from 'vitest';
import { parseLimits } from '../../src/cli/limits/set.ts';
import { paceWords } from '../../src/cli/limits/show.ts';

test.each([
  [{ jobs: '5' }, { jobs: 5 }],
  [{ jobs: '0' }, { jobs: 0 }],
  [{ jobs: 'none' }, { jobs: null }],
  [{ videosPerDay: '200', moneyPerDay: '12.5' }, { perDay: { videos: 200, money: 12.5 } }],
  [{ tag: 'drafts', secondsPerDay: '60' }, { perTag: { drafts: { seconds: 60 } } }],
  [{ secondsPerBatch: 'none' }, { perBatch: { seconds: null } }],
  [
    { tag: 'a', videosPerDay: '1', videosPerRun: '2' },
    { perTag: { a: { videos: 1 } }, perRun: { videos: 2 } },
  ],
])('limits set takes %j', (flags, change) => {
  expect(parseLimits(flags)).toEqual(change);
});

test.each([
  [{}, '--jobs 5'],
  [{ jobs: '1.5' }, '--jobs "1.5"'],
  [{ jobs: '-1' }, '--jobs "-1"'],
  [{ jobs: '' }, '--jobs ""'],
  [{ videosPerDay: '2.5' }, '--videos-per-day "2.5"'],
  [{ moneyPerRun: '1e9x' }, '--money-per-run "1e9x"'],
  [{ moneyPerRun: 'Infinity' }, '--money-per-run "Infinity"'],
  [{ tag: 'drafts' }, '--tag'],
  [{ tag: ' ', videosPerDay: '1' }, '--tag'],
  [{ tag: 'drafts', videosPerBatch: '1' }, '--tag'],
])('limits set refuses %j and names the flag', (flags, named) => {
  expect(() => parseLimits(flags)).toThrow(named);
});

test('the pace says how long a job takes its slot; without a record it says nothing', () => {
  const status = { inFlight: [], reserved: [], waiting: { interactive: 0, batch: 0 }, spent: {} };
  const limits = { jobs: 2 };
  expect(paceWords({ ...status, limits, usualHoldMs: 80_000 })).toBe(
    'a job takes its slot for about 1:20; at most 90 videos an hour with 2 slots',
  );
  expect(paceWords({ ...status, limits })).toBeUndefined();
});
