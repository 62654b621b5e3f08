import { gatewayBeatMs } from '../../contract/poll-delay.ts';
import type { JobStatus } from '../../gateway/gateway.ts';

/** The gateway's times may be whole seconds. */
const secondMs = 1_000;

/** Times are milliseconds since the epoch. */
export interface SeenEnd {
  submittedAt: number;
  /** When the poll that found the job completed was answered. */
  askedAt: number;
  /** When an earlier poll found the job unfinished; absent if there was none. */
  openAt?: number | undefined;
}

/**
 * How long a succeeded job took from its submit to its completion, in milliseconds, by the gateway's own time of
 * completion; undefined if there is none, or if it is not plausible. The time of the poll does not count: a plan that is
 * made of its own polls would become later and later.
 */
export function jobDuration(status: JobStatus, end: SeenEnd): number | undefined {
  if (status.state !== 'succeeded' || status.completedAt === undefined) return undefined;
  const { submittedAt, askedAt, openAt = submittedAt } = end;
  const completedAt = status.completedAt - skewMs(status, end);
  if (completedAt > askedAt + secondMs || completedAt + gatewayBeatMs < openAt) return undefined;
  // A whole second is the one in which the job ended.
  const isWhole = status.completedAt % secondMs === 0;
  const endedAt = Math.min(askedAt, completedAt + (isWhole ? secondMs - 1 : 0));
  return endedAt > submittedAt ? endedAt - submittedAt : undefined;
}

/** How far the gateway's clock is ahead of ours, if its times are impossible: the job is created when we submit it. */
function skewMs({ createdAt, completedAt = 0 }: JobStatus, end: SeenEnd): number {
  if (createdAt === undefined) return 0;
  const isBehind = createdAt + secondMs < end.submittedAt;
  const isAhead = completedAt > end.askedAt + secondMs;
  return isBehind || isAhead ? createdAt - end.submittedAt : 0;
}
