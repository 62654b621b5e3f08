import type { AwaitVideoChangeInput } from '../../contract/activities.ts';
import {
  gatewayBeatMs,
  plannedBefore,
  pollDelay,
  type PollScheduleName,
} from '../../contract/poll-delay.ts';
import type { PollPlans } from './poll-plans.ts';

export interface PollClockOptions {
  schedule: PollScheduleName;
  /** For schedule `learned`. */
  plans?: Pick<PollPlans, 'planOf'>;
  /** Speed of a sandbox gateway; 1 for the real one. */
  speed: number;
  /** Random number, 0 ≤ jitter < 1. */
  jitter: number;
}

/** Delays until the next poll of a job in milliseconds, for a poll at a time in milliseconds since the epoch. */
export interface PollClock {
  /** Until the poll after the last one is due. */
  dueInMs(nowMs: number): number;
  after(atMs: number): number;
  /** When the poll before this one was planned; undefined without a plan. Milliseconds since the epoch. */
  before(atMs: number): number | undefined;
  /** At most one beat of the gateway. */
  beat(atMs: number): number;
  /** A failed poll says nothing, so it is repeated sooner than a plan would. */
  afterError(atMs: number): number;
  /** For a job that the gateway does not know. */
  slow(atMs: number): number;
}

export async function startPollClock(
  { schedule, plans, speed, jitter }: PollClockOptions,
  { submittedAt, seen, overdue = false, model, timing }: AwaitVideoChangeInput,
): Promise<PollClock> {
  const isLearned = schedule === 'learned' && model !== undefined && timing !== undefined;
  const plan = isLearned ? await plans?.planOf({ model, ...timing }) : undefined;
  const moment = (atMs: number) => ({ schedule, speed, jitter, sinceSubmitMs: atMs - submittedAt });
  const after = (atMs: number) => pollDelay({ ...moment(atMs), plan, overdue });
  const lastAt = seen?.askedAt ?? submittedAt;
  return {
    // A plan says when, counted from the last poll; other schedules say how often at this age.
    dueInMs: (nowMs) => lastAt + after(plan ? lastAt : nowMs) - nowMs,
    after,
    before: (atMs) => {
      const atPlan = plan && plannedBefore(plan, (atMs - submittedAt) * speed);
      return atPlan === undefined ? undefined : submittedAt + atPlan / speed;
    },
    beat: (atMs) => Math.min(after(atMs), gatewayBeatMs / speed),
    afterError: (atMs) => pollDelay({ ...moment(atMs), overdue }),
    slow: (atMs) => pollDelay({ ...moment(atMs), overdue: true }),
  };
}
