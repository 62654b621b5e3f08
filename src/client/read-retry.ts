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

/** A single failed attempt is not reported. */
const toldFrom = 2;

/** The step of an activity, and the default kind of its failures. */
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
 * The step that keeps failing, read from the pending activities of a run. A workflow cannot see the attempts of its
 * activities. Needs no worker.
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

/** Without the payload key, the failure cannot be decrypted. */
function unreadable(): Error {
  return new Error('The reason is encrypted with a payload key that is not in PAYLOAD_KEYS');
}

function retriedStep(
  [step, kind]: [RetriedStepName, FailureKind],
  { activity, error }: { activity: PendingActivity; error: Error },
): RetriedStep | undefined {
  const failed = failedPolls(error) ?? {
    failure: failureOf(error, kind),
    // Most attempts of a poll are successful requests without news.
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

/** The failed polls in the error of a poll without news; empty if the last poll succeeded. Null for other errors. */
function failedPolls(error: Error): Partial<FailedPolls> | null {
  if (!(error instanceof ApplicationFailure) || error.type !== 'VideoPending') return null;
  return (error.details?.[0] as FailedPolls | undefined) ?? {};
}

/** If the server truncated a long failure, the original one is in the cause. */
function failureOf(error: Error, kind: FailureKind): VideoFailure {
  const told = videoFailureIn(error) ?? videoFailureIn(error.cause);
  if (told) return told;
  const message =
    error instanceof TimeoutFailure
      ? `The worker did not answer in time (${error.timeoutType})`
      : error.message;
  return { kind, message, billed: failures[kind].billed };
}
