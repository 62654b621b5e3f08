import { expectedTime, type ExpectedTime } from '../../contract/expected-time.ts';
import type { TimedJob } from '../../contract/job-timing.ts';
import type { PollPlan } from '../../contract/poll-delay.ts';
import { planPolls } from '../../contract/poll-plan.ts';
import type { JobTimings, KnownDurations } from '../../storage/records/job-timings.ts';
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
  const known = (job: TimedJob) => within(timings.known(job), patienceMs, nothing);
  return {
    planOf: async (job) => {
      const { durationsMs } = await known(job);
      const found = plans.get(durationsMs) ?? planPolls(durationsMs.map((ms) => ms * speed));
      plans.set(durationsMs, found);
      return found;
    },
    // What is said to people is known of jobs like theirs; a plan is better than none.
    expectedOf: async (job) => {
      const { durationsMs, sameLength } = await known(job);
      return sameLength ? expectedTime(durationsMs) : undefined;
    },
  };
}

const nothing: KnownDurations = { durationsMs: [], sameLength: false };
