import { expectedTime, type ExpectedTime } from '../../contract/expected-time.ts';
import type { TimedJob } from '../../contract/job-timing.ts';
import type { PollPlan } from '../../contract/poll-delay.ts';
import { planPolls } from '../../contract/poll-plan.ts';
import type { JobTimings } from '../../storage/records/job-timings.ts';
import { within } from '../within.ts';

/** A poll, or the answer of a submit, does not wait longer for the storage. */
const patienceMs = 1_000;

/** What is known about a job before its end, from how long similar jobs took. Never rejects, and never takes long. */
export interface PollPlans {
  /** In gateway milliseconds. */
  planOf(job: TimedJob): Promise<PollPlan | undefined>;
  expectedOf(job: TimedJob): Promise<ExpectedTime | undefined>;
}

/** @param speed Of a sandbox gateway; 1 for the real one. */
export function createPollPlans({
  timings,
  speed,
}: {
  timings: Pick<JobTimings, 'known'>;
  speed: number;
}): PollPlans {
  const plans = new WeakMap<readonly number[], PollPlan | undefined>();
  const known = (job: TimedJob) => within(timings.known(job), patienceMs, []);
  return {
    planOf: async (job) => {
      const durations = await known(job);
      if (!plans.has(durations)) plans.set(durations, planPolls(durations.map((ms) => ms * speed)));
      return plans.get(durations);
    },
    expectedOf: async (job) => expectedTime(await known(job)),
  };
}
