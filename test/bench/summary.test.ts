import { expect, test } from 'vitest';
import { actionMeasures, batchMeasures, type Measure } from '../../bench/all/measures.ts';
import { comparisonTable, summarize, summaryTable } from '../../bench/all/summary.ts';

const run = (rate: number): Measure[] => [
  { what: 'memory over idle', value: 10 * rate, unit: 'MB', most: 25 },
  { what: 'rate over curl', value: rate, unit: '', least: 2 },
];

test('ratios come first, each with median, range and whether the median meets the target', () => {
  const summaries = summarize([run(1), run(4), run(2), run(3)]);
  expect(summaries).toMatchObject([
    { what: 'rate over curl', median: 2.5, lowest: 1, highest: 4, met: true },
    { what: 'memory over idle', median: 25, lowest: 10, highest: 40, met: true },
  ]);
  expect(summaryTable(summaries)).toContain('1.00 to 4.00');
});

test('a target that the median misses is named', () => {
  expect(summaryTable(summarize([run(1)]))).toMatch(/rate over curl .* ≥ 2.00 +missed/);
});

test('a comparison divides this side by the other, and shows what only this side measures', () => {
  const extra = { what: 'new', value: 1, unit: '' };
  const table = comparisonTable(summarize([[...run(3), extra]]), summarize([run(2)]));
  expect(table).toMatch(/rate over curl +1\.500/);
  expect(table).toMatch(/new .*none/);
});

test('the batch compares worker CPU per run with each peer; results without a loop of timers are still read', () => {
  const side = (jobsPerSecond: number, cpuSeconds: number) => ({
    jobsPerSecond,
    worker: { cpuSeconds },
  });
  const older = { jobs: 10, ours: side(8, 1), bare: side(10, 0.5) };
  const values = (batch: Parameters<typeof batchMeasures>[0]) =>
    Object.fromEntries(batchMeasures(batch).map(({ what, value }) => [what, value]));
  expect(values({ ...older, timerLoop: { ...side(4, 1), runs: 5 } })).toMatchObject({
    'videos per second over bare no-op workflows': 0.8,
    'worker CPU over bare no-op workflows': 2,
    'worker CPU over a loop of timers': 0.5,
    'worker CPU per video, ours': 100,
  });
  expect(Object.keys(values(older))).not.toContain('worker CPU over a loop of timers');
});

test('actions and the events of the history have the targets of the project; shared events are shown without one', () => {
  const events = { video: 38, batch: 2, admission: 9 };
  const measures = actionMeasures({ cases: [{ name: 'polled', actions: 16, events }] });
  expect(summarize([measures])).toMatchObject([
    { what: 'Temporal actions, polled', median: 16, met: false },
    { what: 'events of its history, polled', median: 38, met: true },
    { what: 'events with its share, polled', median: 49 },
  ]);
});
