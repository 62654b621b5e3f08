import { CancellationScope, condition, proxyActivities } from '@temporalio/workflow';
import type { AwaitVideoChangeInput, VideoActivities } from '../contract/activities.ts';
import { failures } from '../contract/failure.ts';
import type { GatewayAccount } from '../contract/gateway-account.ts';
import type { JobTiming } from '../contract/job-timing.ts';
import { pollDelay } from '../contract/poll-delay.ts';
import type { Attention, JobProgress, JobRef } from '../contract/video-job.ts';
import { pollOptions } from './activity-options.ts';
import { isCancel, isTimeLimit, videoFailed } from './failures.ts';
import type { JobEvents } from './job-events.ts';
import type { VideoTracker } from './video-tracker.ts';

/** The gateway gives every job a verdict within 24 h; two more hours for its sweep and our slowest poll. */
const verdictMs = 26 * 3_600_000;
/** After a late deadline, polling continues for at least this time. */
const lastWatchMs = 3_600_000;

export interface WatchOptions {
  job: JobRef;
  account?: GatewayAccount;
  claimKey?: string;
  billedBefore?: 'maybe';
  /** Milliseconds since the epoch, like `deadlineAt`. */
  submittedAt: number;
  deadlineAt: number;
  timing?: JobTiming;
  /** See `AcceptedSubmit`. */
  told?: true;
  /** See `AcceptedSubmit`. */
  admitted?: true;
  /** See `AcceptedSubmit`. */
  admissionId?: string;
  tracker: VideoTracker;
  events: JobEvents;
}

/**
 * Waits until the gateway reports that the job succeeded.
 *
 * The deadline is not a failure: the phase becomes `overdue`, and polling continues more slowly until the gateway's
 * verdict. Each wait is one activity with the server's retry timers; a signal ends the wait, and the next activity
 * polls at once.
 */
export async function watchJob(options: WatchOptions): Promise<JobProgress> {
  const { submittedAt, deadlineAt, tracker, events } = options;
  let seen: JobProgress | undefined;
  let overdue = false;
  let askNow = false;
  for (;;) {
    const until = overdue
      ? Math.max(submittedAt + verdictMs, deadlineAt + lastWatchMs)
      : deadlineAt;
    const answer = await ask(options, { seen, overdue, askNow, until });
    if (typeof answer === 'object') {
      seen = answer;
      tracker.progress(seen);
      if (seen.state === 'succeeded') return seen;
      if (seen.state === 'failed') throw jobFailed(options, seen);
    } else if (answer === 'time limit') {
      if (overdue) throw noVerdict(options);
      overdue = !(await condition(() => events.arrived(), Math.max(1, deadlineAt - Date.now())));
      if (overdue) tracker.overdue();
    }
    askNow = typeof answer === 'string';
  }
}

interface Question {
  seen: JobProgress | undefined;
  overdue: boolean;
  askNow: boolean;
  /** When this wait ends, milliseconds since the epoch. */
  until: number;
}

async function ask(
  options: WatchOptions,
  question: Question,
): Promise<JobProgress | 'woken' | 'time limit'> {
  const { submittedAt, events } = options;
  const { overdue, until } = question;
  const { awaitVideoChange } = proxyActivities<VideoActivities>({
    ...pollOptions,
    scheduleToCloseTimeout: Math.max(1_000, until - Date.now()),
    summary: overdue ? 'overdue: polls less and less often' : 'one poll per attempt',
  });
  // The interval of schedule `beat`: events add at most as many polls as that schedule has.
  const spacingMs = pollDelay({
    schedule: 'beat',
    sinceSubmitMs: Date.now() - submittedAt,
    overdue,
  });
  let woken = false;
  const scope = new CancellationScope({ cancellable: true });
  try {
    return await scope.run(() => {
      void events.next(spacingMs).then(
        () => {
          woken = true;
          scope.cancel();
        },
        () => {},
      );
      return awaitVideoChange(questionInput(options, question));
    });
  } catch (error) {
    if (isCancel(error)) {
      if (woken && !CancellationScope.current().consideredCancelled) return 'woken';
      throw error;
    }
    if (isTimeLimit(error)) return 'time limit';
    throw error;
  } finally {
    scope.cancel();
  }
}

function questionInput(
  options: WatchOptions,
  { seen, overdue, askNow }: Question,
): AwaitVideoChangeInput {
  const { job, account, claimKey, submittedAt, timing, told, tracker } = options;
  const { model } = tracker.status();
  return {
    job,
    submittedAt,
    ...(account && { account }),
    ...(claimKey !== undefined && { claimKey }),
    ...(model !== undefined && { model }),
    ...(timing && { timing }),
    ...(seen && { seen }),
    ...(askNow && { askNow }),
    ...(overdue && { overdue }),
    ...(tracker.isLean && {
      endOnly: true,
      ...(told && { told }),
      // An overdue job has left its slot.
      ...(!overdue && slotOf(options)),
    }),
  };
}

function slotOf({ admitted, admissionId }: WatchOptions): Pick<AwaitVideoChangeInput, 'slot'> {
  if (!admitted) return {};
  return { slot: admissionId === undefined ? {} : { admissionId } };
}

function jobFailed({ job, billedBefore }: WatchOptions, { failure }: JobProgress) {
  const kind = failure?.kind ?? 'task_failed';
  const billed = failure?.billed ?? (failure?.notRefunded ? 'yes' : failures[kind].billed);
  return videoFailed({
    kind,
    message: failure?.message ?? 'The gateway gave no reason',
    billed: billed === 'no' ? (billedBefore ?? 'no') : billed,
    jobId: job.jobId,
    ...(failure?.gatewayCode !== undefined && { gatewayCode: failure.gatewayCode }),
    ...(failure?.requestId !== undefined && { requestId: failure.requestId }),
    ...(failure?.about && { about: failure.about }),
  });
}

/** The kind reflects the last answer of the gateway: a job that it no longer knows is not merely late. */
function noVerdict({ job: { jobId }, tracker }: WatchOptions) {
  const { attention, billed } = tracker.status();
  const isUnknown = attention === 'task_not_found' || attention === 'other_key';
  const kind = isUnknown ? 'task_not_found' : 'deadline';
  const charged =
    billed === 'yes' ? '; it was charged when it was accepted, and no refund was seen' : '';
  return videoFailed({
    kind,
    message: `${lastAnswer(attention)} job "${jobId}" within ${verdictMs / 3_600_000} hours${charged}`,
    billed: failures[kind].billed,
    jobId,
  });
}

function lastAnswer(attention: Attention | undefined): string {
  switch (attention) {
    case 'task_not_found':
      return 'The gateway answered "no such task" and gave no verdict on';
    case 'other_key':
      return 'The gateway answered "no such task" to an API key that is not the one that paid for';
    case 'other_account':
      return 'No worker with an API key of the account that paid could read';
    default:
      return 'The gateway gave no verdict on';
  }
}
