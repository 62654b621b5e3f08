import type { JobStatus } from '../../gateway/gateway.ts';

/** A poll that began this much later than planned, in gateway milliseconds, says nothing about the end of the job. */
const lateMs = 30_000;
/** The gateway's times are whole seconds. A larger difference is a clock that is wrong. */
const secondMs = 1_000;

/** Times are milliseconds since the epoch. */
export interface SeenEnd {
  submittedAt: number;
  /** When the poll was due. */
  dueAt: number;
  /** When it was answered. */
  askedAt: number;
  /** Answer of the last poll that found the job unfinished; absent if there was none. */
  openAt?: number | undefined;
  speed: number;
}

/**
 * How long a succeeded job took from the submit to its completion, in milliseconds: by the gateway's clock if its times
 * are plausible, else until the poll that found it completed; undefined if that poll was late.
 */
export function jobDuration(status: JobStatus, end: SeenEnd): number | undefined {
  if (status.state !== 'succeeded') return undefined;
  const { submittedAt, dueAt, askedAt, speed } = end;
  const completedAt = plausibleEnd(status, end);
  if (completedAt !== undefined) return completedAt - submittedAt;
  return (askedAt - dueAt) * speed > lateMs ? undefined : askedAt - submittedAt;
}

function plausibleEnd(
  { completedAt, createdAt }: JobStatus,
  { submittedAt, askedAt, openAt = submittedAt }: SeenEnd,
): number | undefined {
  if (completedAt === undefined) return undefined;
  // The job is created after the submit began: an earlier time is of a clock that is behind.
  if (createdAt !== undefined && createdAt + 2 * secondMs < submittedAt) return undefined;
  if (completedAt > askedAt + secondMs || completedAt + 2 * secondMs < openAt) return undefined;
  // A whole second is the one in which the job ended.
  const isWhole = completedAt % secondMs === 0;
  return Math.min(askedAt, completedAt + (isWhole ? secondMs - 1 : 0));
}
