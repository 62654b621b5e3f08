import {
  CancelledFailure,
  WorkflowFailedError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { VideoFailure } from '../contract/failure.ts';
import type { Cancellation, VideoResult } from '../contract/messages.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import { fromIndex, type ListedVideo } from './run-index.ts';

export type ClosedOutcome =
  | { outcome: 'stored'; videoId: string; result: VideoResult }
  | { outcome: 'failed'; videoId: string; failure: VideoFailure }
  | { outcome: 'cancelled'; videoId: string; cancellation: Cancellation };

/** The outcome of a run that has closed, read from its history; needs no worker. */
export async function outcomeOfClosed(
  client: Client,
  found: WorkflowExecutionDescription,
): Promise<ClosedOutcome> {
  const { workflowId: videoId, runId } = found;
  try {
    const result = (await client.workflow.getHandle(videoId, runId).result()) as VideoResult;
    return { outcome: 'stored', videoId, result };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const index = fromIndex(found);
    return error.cause instanceof CancelledFailure
      ? cancelled(index)
      : { outcome: 'failed', videoId, failure: toFailure(error, index) };
  }
}

function cancelled({
  videoId,
  billed,
  jobId,
}: ListedVideo): ClosedOutcome & { outcome: 'cancelled' } {
  return {
    outcome: 'cancelled',
    videoId,
    cancellation: {
      outcome: billed === 'no' ? 'stopped_before_spend' : 'watching_stopped',
      billed,
      ...(jobId !== undefined && { jobId }),
    },
  };
}

function toFailure(error: WorkflowFailedError, { billed, jobId }: ListedVideo): VideoFailure {
  const failure = videoFailureIn(error.cause);
  if (failure) return failure;
  return {
    kind: billed === 'no' ? 'gateway_unavailable' : 'submit_unknown',
    message: `The run ended without an outcome: ${error.cause?.message ?? error.message}`,
    billed,
    ...(jobId !== undefined && { jobId }),
  };
}
