import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { PendingPoll } from '../contract/video-job.ts';

/** An activity of a run that waits or runs, as the server describes it. */
export type PendingActivity = NonNullable<
  WorkflowExecutionDescription['raw']['pendingActivities']
>[number];

/** The failure of the last attempt, decrypted if needed. Undefined if there is none. */
export async function lastFailure(
  { options }: Pick<Client, 'options'>,
  { lastFailure: failure }: PendingActivity,
): Promise<Error | undefined> {
  if (!failure) return undefined;
  const { loadedDataConverter } = options;
  return decodeOptionalFailureToOptionalError(loadedDataConverter, failure).catch(unreadable);
}

/** Without the payload key, the failure cannot be decrypted. */
function unreadable(): Error {
  return new Error('The reason is encrypted with a payload key that is not in PAYLOAD_KEYS');
}

/** What a poll without news has left for clients; empty if the last poll succeeded. Null for other errors. */
export function pendingPoll(error: Error): PendingPoll | null {
  if (!(error instanceof ApplicationFailure) || error.type !== 'VideoPending') return null;
  return (error.details?.[0] as PendingPoll | undefined) ?? {};
}

/** What the gateway last said of the job of an open run. Needs no worker. */
export async function readProgress(
  client: Pick<Client, 'options'>,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<PendingPoll['progress']> {
  const polls = raw.pendingActivities?.find(
    ({ activityType }) => activityType?.name === 'awaitVideoChange',
  );
  const error = polls && (await lastFailure(client, polls));
  return error && pendingPoll(error)?.progress;
}
