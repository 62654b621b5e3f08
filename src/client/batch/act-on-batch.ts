import {
  WorkflowUpdateFailedError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { batchMessages } from '../../contract/batch.ts';
import { scheduledTimeKey } from '../../contract/search-attributes.ts';
import { describeBatch, inputOf } from './describe-batch.ts';
import { startBatch } from './start-batch.ts';
import { VideoClientError } from '../video-client-error.ts';

/** Sends an update to an open batch. @throws {VideoClientError} `not_found`, `wrong_phase` */
export async function actOnBatch(
  client: Client,
  name: string,
  message: keyof typeof batchMessages,
): Promise<void> {
  const { workflowId, closeTime } = await describeBatch(client, name);
  if (closeTime !== undefined) {
    throw new VideoClientError('wrong_phase', `Batch "${name}" has ended; run it again`);
  }
  try {
    await client.workflow.getHandle(workflowId).executeUpdate(message);
  } catch (cause) {
    if (!(cause instanceof WorkflowUpdateFailedError)) throw cause;
    throw new VideoClientError('wrong_phase', cause.cause?.message ?? cause.message, { cause });
  }
}

/** Implements `BatchClient.retryFailed`. */
export async function retryBatch(
  client: Client,
  name: string,
): Promise<{ outcome: 'retried' | 'started_again' }> {
  const found = await describeBatch(client, name);
  if (found.closeTime === undefined) {
    await actOnBatch(client, name, 'retryFailed');
    return { outcome: 'retried' };
  }
  const batch = inputOf(found);
  if (!batch) {
    const message = `Batch "${name}" was not started by an onetake client; run its manifest again`;
    throw new VideoClientError('wrong_phase', message);
  }
  const at = batch.at ?? momentOf(found).toISOString();
  await startBatch(client, { ...batch, at }, { batchId: found.workflowId });
  return { outcome: 'started_again' };
}

/** The moment that `{{date}}` stood for in its rows. */
function momentOf({ typedSearchAttributes, startTime }: WorkflowExecutionDescription): Date {
  return typedSearchAttributes.get(scheduledTimeKey) ?? startTime;
}

/** Implements `BatchClient.cancel`. */
export async function cancelBatch(
  client: Client,
  name: string,
): Promise<{ outcome: 'cancelling' | 'closed' }> {
  const { workflowId, closeTime } = await describeBatch(client, name);
  if (closeTime !== undefined) return { outcome: 'closed' };
  await client.workflow.getHandle(workflowId).cancel();
  return { outcome: 'cancelling' };
}
