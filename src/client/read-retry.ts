import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import type { VideoActivities } from '../contract/activities.ts';
import { failures, type FailureKind, type VideoFailure } from '../contract/failure.ts';
import type { RetriedStep, RetriedStepName } from '../contract/messages.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import type { FailedPolls } from '../contract/video-job.ts';

type PendingActivity = NonNullable<
  WorkflowExecutionDescription['raw']['pendingActivities']
>[number];

/** A single failure is a hiccup. */
const toldFrom = 2;

/** The step behind an activity, and the kind of a failure of it that names none. */
const steps: ReadonlyMap<string, [step: RetriedStepName, kind: FailureKind]> = new Map(
  Object.entries({
    requestAdmission: ['admission', 'worker_lost'],
    closeUnsent: ['reconciliation', 'worker_lost'],
    reconcileSubmit: ['reconciliation', 'gateway_unavailable'],
    takeJob: ['adoption', 'storage_unavailable'],
    recordAdopted: ['adoption', 'storage_unavailable'],
    awaitVideoChange: ['poll', 'gateway_unavailable'],
    storeVideo: ['delivery', 'result_missing'],
  } satisfies Partial<Record<keyof VideoActivities, [RetriedStepName, FailureKind]>>),
);

/**
 * The step that fails again and again, read from the activities that Temporal has under way: a run does not see the
 * attempts of its activities. Needs no worker.
 */
export async function readRetry(
  { options }: Pick<Client, 'options'>,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<RetriedStep | undefined> {
  for (const activity of raw.pendingActivities ?? []) {
    const step = steps.get(activity.activityType?.name ?? '');
    if (!step || !activity.lastFailure) continue;
    const error = await decodeOptionalFailureToOptionalError(
      options.loadedDataConverter,
      activity.lastFailure,
    ).catch(unreadable);
    const retried = error && retriedStep(step, { activity, error });
    if (retried) return retried;
  }
  return undefined;
}

/** A client without the payload key knows that it failed, and not why. */
function unreadable(): Error {
  return new Error('The reason is encrypted with a payload key that is not in PAYLOAD_KEYS');
}

function retriedStep(
  [step, kind]: [RetriedStepName, FailureKind],
  { activity, error }: { activity: PendingActivity; error: Error },
): RetriedStep | undefined {
  const failed = failedPolls(error) ?? {
    failure: failureOf(error, kind),
    // Most attempts of a poll are questions that were answered.
    inARow: step === 'poll' ? undefined : (activity.attempt ?? 1) - 1,
  };
  const { failure, inARow } = failed;
  if (!failure || (inARow !== undefined && inARow < toldFrom)) return undefined;
  const until = optionalTsToDate(activity.nextAttemptScheduleTime)?.toISOString();
  return {
    step,
    failure,
    ...(inARow !== undefined && { attempt: inARow }),
    ...(until !== undefined && { until }),
  };
}

/** Null of anything but a poll that has no news; without a failure where it was answered. */
function failedPolls(error: Error): Partial<FailedPolls> | null {
  if (!(error instanceof ApplicationFailure) || error.type !== 'VideoPending') return null;
  return (error.details?.[0] as FailedPolls | undefined) ?? {};
}

/** What the server found too long to keep is in the cause. */
function failureOf(error: Error, kind: FailureKind): VideoFailure {
  const told = videoFailureIn(error) ?? videoFailureIn(error.cause);
  if (told) return told;
  const message =
    error instanceof TimeoutFailure
      ? `The worker gave no answer in time (${error.timeoutType})`
      : error.message;
  return { kind, message, billed: failures[kind].billed };
}
