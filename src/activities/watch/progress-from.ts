import type { JobProgress } from '../../contract/video-job.ts';
import type { JobStatus } from '../../gateway/gateway.ts';
import type { JobMoney } from './job-money.ts';

/** A smaller step of progress is not news. */
const stepPercent = 10;

/** What a poll says, after what was known before it: progress never goes back. */
export function progressFrom(
  status: JobStatus,
  {
    seen,
    money: { charged, billed },
    jobMs,
    askedAt,
  }: {
    seen: Pick<JobProgress, 'state' | 'progressPercent'> | undefined;
    money: JobMoney;
    jobMs: number | undefined;
    askedAt: number;
  },
): JobProgress {
  const percent = Math.max(status.progressPercent ?? -1, seen?.progressPercent ?? -1);
  const wentBack = seen?.state === 'running' && status.state === 'queued';
  const highest = status.state === 'succeeded' ? 100 : Math.min(percent, 99);
  return {
    state: wentBack ? 'running' : status.state,
    ...(percent >= 0 && status.state !== 'failed' && { progressPercent: highest }),
    ...(status.unknownWord !== undefined && { unknownWord: status.unknownWord }),
    ...(status.failure && { failure: { ...status.failure, ...(billed && { billed }) } }),
    ...(charged && { charged }),
    ...(jobMs !== undefined && { jobMs }),
    askedAt,
  };
}

/** Whether the job has moved on: another state, or a step of progress. */
export function hasMoved(
  { state, progressPercent }: Pick<JobProgress, 'state' | 'progressPercent'>,
  seen: Pick<JobProgress, 'state' | 'progressPercent'> = { state: 'queued' },
): boolean {
  const step = (percent = 0) => Math.floor(percent / stepPercent);
  return state !== seen.state || step(progressPercent) > step(seen.progressPercent);
}

export function hasEnded({ state }: Pick<JobProgress, 'state'>): boolean {
  return state === 'succeeded' || state === 'failed';
}

/** Whether a person should hear of something that the workflow does not know. */
export function needsTelling(progress: JobProgress, seen: JobProgress | undefined): boolean {
  return progress.attention !== seen?.attention || progress.unknownWord !== seen?.unknownWord;
}
