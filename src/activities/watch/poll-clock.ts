import type { AwaitVideoChangeInput } from '../../contract/activities.ts';
import { gatewayBeatMs, pollDelay, type PollScheduleName } from '../../contract/poll-delay.ts';
import type { PollPlans } from './poll-plans.ts';

export interface PollClockOptions {
  schedule: PollScheduleName;
  /** For schedule `learned`. */
  plans?: Pick<PollPlans, 'planOf'>;
  /** Speed of a sandbox gateway; 1 for the real one. */
  speed: number;
  /** Random number, 0 ≤ jitter < 1. */
  jitter: number;
  /** Milliseconds since the epoch. No attempt starts later. */
  endsAt?: number;
}

/** Delays until the next poll of a job in milliseconds, for a poll at a time in milliseconds since the epoch. */
export interface PollClock {
  /** Until the poll after the last one is due. */
  dueInMs(nowMs: number): number;
  after(atMs: number): number;
  /** At most one beat of the gateway. */
  beat(atMs: number): number;
  /** After a poll that says nothing, e.g. a failed one: it is repeated sooner than on a plan. */
  unplanned(atMs: number): number;
  /** For a job that the gateway does not know. */
  slow(atMs: number): number;
}

export async function startPollClock(
  { schedule, plans, speed, jitter, endsAt = Infinity }: PollClockOptions,
  { submittedAt, seen, overdue = false, told, model, timing }: AwaitVideoChangeInput,
): Promise<PollClock> {
  const isTold = told === true;
  const isLearned = schedule === 'learned' && model !== undefined && timing !== undefined;
  const plan = isLearned ? await plans?.planOf({ model, ...timing }) : undefined;
  const moment = (atMs: number) => ({ schedule, speed, jitter, sinceSubmitMs: atMs - submittedAt });
  const after = (atMs: number) =>
    pollDelay({ ...moment(atMs), plan, overdue, told: isTold, leftMs: endsAt - atMs });
  const unplanned = (atMs: number) => pollDelay({ ...moment(atMs), overdue });
  const isRare = isTold || plan !== undefined;
  const lastAt = seen?.askedAt ?? submittedAt;
  const isAsExpected = seen?.failing === undefined && seen?.attention === undefined;
  return {
    // A plan says when, counted from the last poll; other schedules say how often at this age.
    dueInMs: (nowMs) =>
      lastAt + (isRare && isAsExpected ? after(lastAt) : unplanned(nowMs)) - nowMs,
    after,
    beat: (atMs) => Math.min(after(atMs), gatewayBeatMs / speed),
    unplanned,
    slow: (atMs) => pollDelay({ ...moment(atMs), overdue: true }),
  };
}
