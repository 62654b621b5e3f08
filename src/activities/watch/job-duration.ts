import type { JobStatus } from '../../gateway/gateway.ts';

/** A poll that began this much later than planned, in gateway milliseconds, says nothing about the end of the job. */
const lateMs = 30_000;
/** The gateway's times are whole seconds. */
const secondMs = 1_000;
/** A clock that is further behind is not corrected. */
const longestLagMs = 15_000;
/**
 * How much one job changes the lag: it grows with each job that shows one, and shrinks with all others, so that one in
 * twenty that only seems to does not count.
 */
const lagStepMs = { up: 1_000, down: 50 };

/** Times are milliseconds since the epoch. */
export interface SeenEnd {
  submittedAt: number;
  /** When the poll was due. */
  dueAt: number;
  /** When it was answered. */
  askedAt: number;
  /** When an earlier poll found the job unfinished; absent if there was none. */
  openAt?: number | undefined;
}

/** How long a job took from the submit to its completion, in milliseconds; undefined if that is not known. */
export type JobDuration = (status: JobStatus, end: SeenEnd) => number | undefined;

/**
 * The duration of a succeeded job: by the gateway's clock if its times are plausible, else until the poll that found it
 * completed, unless that poll was late.
 *
 * A poll may have found a job running after the time at which it was completed by the gateway's clock: the clock is
 * behind, or an answer comes from a cache. Such a lag is learned and added to later durations, because what counts is
 * when a poll can see the end.
 *
 * @param speed Of a sandbox gateway; 1 for the real one.
 */
export function createJobDuration(speed: number): JobDuration {
  let lagMs = 0;
  return (status, end) => {
    if (status.state !== 'succeeded') return undefined;
    const { submittedAt, dueAt, askedAt, openAt = submittedAt } = end;
    const completedAt = plausibleEnd(status, end);
    if (completedAt !== undefined) {
      const shownMs = openAt - completedAt;
      const isLonger = shownMs > lagMs;
      lagMs = isLonger
        ? Math.min(shownMs, lagMs + lagStepMs.up)
        : Math.max(0, lagMs - lagStepMs.down);
      return Math.min(askedAt, completedAt + lagMs) - submittedAt;
    }
    return (askedAt - dueAt) * speed > lateMs ? undefined : askedAt - submittedAt;
  };
}

function plausibleEnd(
  { completedAt, createdAt }: JobStatus,
  { submittedAt, askedAt, openAt = submittedAt }: SeenEnd,
): number | undefined {
  if (completedAt === undefined) return undefined;
  // The job is created after the submit began: an earlier time is of a clock that is behind.
  if (createdAt !== undefined && createdAt + 2 * secondMs < submittedAt) return undefined;
  if (completedAt > askedAt + secondMs || completedAt + longestLagMs < openAt) return undefined;
  if (completedAt + secondMs < submittedAt) return undefined;
  // A whole second is the one in which the job ended.
  const isWhole = completedAt % secondMs === 0;
  return Math.min(askedAt, completedAt + (isWhole ? secondMs - 1 : 0));
}
