import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import type { VideoActivities } from '../contract/activities.ts';
import { failures, type FailureKind, type VideoFailure } from '../contract/failure.ts';
import type { RetriedStep, RetriedStepName } from '../contract/messages.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import { lastFailure, pendingPoll, type PendingActivity } from './read-pending.ts';

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
  client: Pick<Client, 'options'>,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<RetriedStep | undefined> {
  for (const activity of raw.pendingActivities ?? []) {
    const step = steps.get(activity.activityType?.name ?? '');
    const error = step && (await lastFailure(client, activity));
    const retried = step && error && retriedStep(step, { activity, error });
    if (retried) return retried;
  }
  return undefined;
}

function retriedStep(
  [step, kind]: [RetriedStepName, FailureKind],
  { activity, error }: { activity: PendingActivity; error: Error },
): RetriedStep | undefined {
  const failed = pendingPoll(error) ?? {
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
