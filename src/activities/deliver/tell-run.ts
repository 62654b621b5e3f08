import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { messageNames, type DeliveryFailed } from '../../contract/messages.ts';
import { videoFailureIn } from '../../contract/read-failure.ts';

/** A single failure is not reported: each signal adds four events to the history. */
const toldFrom = 2;
/** The delivery does not wait long for an unavailable server. */
const answerTimeoutMs = 5_000;

/**
 * Signals the run that its delivery has failed again, for the details in the UI. Temporal retries the activity
 * itself.
 */
export async function tellDeliveryFailed(error: ApplicationFailure): Promise<void> {
  const { info, log } = Context.current();
  const { attempt, workflowExecution } = info;
  const failure = videoFailureIn(error);
  if (attempt < toldFrom || !workflowExecution || !failure) return;
  const told: DeliveryFailed = { failure, attempt, ...nextTry() };
  try {
    await signal(workflowExecution, told);
  } catch (cause) {
    log.warn('Could not signal the run that its delivery failed', { error: cause });
  }
}

function signal(
  { workflowId, runId }: { workflowId: string; runId: string },
  told: DeliveryFailed,
): Promise<void> {
  const { client } = Context.current();
  return client.withDeadline(Date.now() + answerTimeoutMs, () =>
    client.workflow.getHandle(workflowId, runId).signal(messageNames.deliveryFailed, told),
  );
}

/** Computed from the retry policy that the server sent. */
function nextTry(): { until?: string } {
  const { attempt, retryPolicy } = Context.current().info;
  const { initialInterval, backoffCoefficient = 2, maximumInterval } = retryPolicy ?? {};
  if (typeof initialInterval !== 'number') return {};
  const delayMs = initialInterval * backoffCoefficient ** (attempt - 1);
  const mostMs = typeof maximumInterval === 'number' ? maximumInterval : delayMs;
  return { until: new Date(Date.now() + Math.min(delayMs, mostMs)).toISOString() };
}
