import type { Client, ScheduleDescription } from '@temporalio/client';
import type { MetricMeter, MetricTags } from '@temporalio/common';
import { expect, test } from 'vitest';
import { readOpenState } from '../../src/worker/metrics/watch-state.ts';

test('the gauge of firings sums up all schedules of batches, and no others', async () => {
  const told: [string, unknown, number][] = [];
  const createGauge = (name: string) => ({
    set: (value: number, tags: MetricTags = {}) => told.push([name, tags['of'], value]),
  });
  const client = clientWith({
    'batch/daily': [9, 2, 0],
    'batch/hourly': [40, 1, 3],
    retention: [7, 7, 7],
  });
  const meter = { createGauge } as unknown as MetricMeter;
  await readOpenState({ client, meter, logger: {} as never, admissionId: 'admission' });
  expect(told.filter(([name]) => name === 'onetake_schedule_firings')).toEqual([
    ['onetake_schedule_firings', 'fired', 49],
    ['onetake_schedule_firings', 'skipped', 3],
    ['onetake_schedule_firings', 'missed', 3],
  ]);
});

/** Knows no videos, an idle admission, and these schedules: fired, skipped, missed. */
function clientWith(schedules: Record<string, [number, number, number]>): Client {
  const describe = (scheduleId: string) => {
    const [numActionsTaken, numActionsSkippedOverlap, numActionsMissedCatchupWindow] =
      schedules[scheduleId] ?? [];
    const info = { numActionsTaken, numActionsSkippedOverlap, numActionsMissedCatchupWindow };
    return { scheduleId, info } as ScheduleDescription;
  };
  const idle = { inFlight: [], reserved: [], waiting: {}, limits: { jobs: 1 }, spent: {} };
  return {
    connection: { withDeadline: (_: number, run: () => unknown) => run() },
    workflow: {
      count: async () => ({ count: 0 }),
      getHandle: () => ({ query: async () => idle }),
    },
    schedule: {
      async *list() {
        for (const scheduleId of Object.keys(schedules)) yield { scheduleId };
      },
      getHandle: (id: string) => ({ describe: async () => describe(id) }),
    },
  } as unknown as Client;
}
