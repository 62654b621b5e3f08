import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createAwaitVideoChange } from '../../src/activities/watch/await-video-change.ts';
import { createPollPlans } from '../../src/activities/watch/poll-plans.ts';
import type { JobProgress } from '../../src/contract/video-job.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { createFakeGateway, jobStatus } from '../fakes/fake-gateway.ts';
import { account } from '../fakes/gateway-account.ts';
import { running, succeeded, t0 } from './watch-harness.ts';

const timing = { seconds: 5 };
const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

interface EndAtGateway {
  endMs: number;
  /** By the gateway's clock. */
  times: { createdMs?: number; completedMs?: number };
}

/** One worker that polls one job after the other, each until it is found completed. Times are since the submit. */
function watchOften() {
  const known: number[] = [];
  const timings = { known: async () => ({ durationsMs: ascending(known), sameLength: true }) };
  let atMs = 0;
  let status = running();
  const awaitVideoChange = createAwaitVideoChange({
    gateway: { ...createFakeGateway({}), status: async () => status },
    claims: { charge: async () => {} },
    account,
    schedule: 'learned',
    plans: createPollPlans({ timings, speed: 1 }),
    speed: 1,
    now: () => t0 + atMs,
    random: () => 0.5,
  });
  const job = { format: 'generations', jobId: 'task_1' } as const;
  const input = { job, submittedAt: t0, model: 'kling-v1', timing };
  return async ({ endMs, times: { createdMs, completedMs } }: EndAtGateway) => {
    atMs = 0;
    const completed = jobStatus({
      ...succeeded,
      ...(createdMs !== undefined && { createdAt: t0 + createdMs }),
      ...(completedMs !== undefined && { completedAt: t0 + completedMs }),
    });
    let seen: JobProgress | undefined;
    for (let attempt = 1; ; attempt += 1) {
      status = atMs < endMs ? running() : completed;
      const given = { ...input, ...(seen && { seen }) };
      const result = await activityHarness({ attempt })
        .run(awaitVideoChange, given)
        .catch((error: unknown) => error);
      if (result instanceof ApplicationFailure) atMs += Number(result.nextRetryDelay);
      else seen = result as JobProgress;
      if (seen?.state !== 'succeeded') continue;
      if (seen.jobMs !== undefined) known.push(seen.jobMs);
      if (known.length > 50) known.shift();
      return atMs - endMs;
    }
  };
}

test.each([
  ['says no time of completion', {}, 18_000],
  ['has a clock that is an hour behind', { createdMs: -3_600_000, completedMs: -3_488_000 }, 3_000],
  ['has a clock that is an hour ahead', { createdMs: 3_600_000, completedMs: 3_712_000 }, 3_000],
  ['has a clock that is 5 s ahead', { createdMs: 5_000, completedMs: 117_000 }, 7_000],
  ['shows the end 3 s after its time of completion', { completedMs: 109_000 }, 18_000],
])('a gateway that %s does not make the polls later and later', async (_what, times, atMostMs) => {
  const watch = watchOften();
  const late: number[] = [];
  for (let job = 0; job < 300; job += 1) late.push(await watch({ endMs: 112_000, times }));
  expect(Math.max(...late.slice(10))).toBeLessThanOrEqual(atMostMs);
});
