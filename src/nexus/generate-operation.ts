import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { getClient, operationInfo, startWorkflow } from '@temporalio/nexus';
import {
  HandlerStartOperationResult,
  OperationError,
  type CancelOperationContext,
  type StartOperationContext,
} from 'nexus-rpc';
import { z } from 'zod';
import { cancelVideo } from '../client/act-on-video.ts';
import { describeVideo } from '../client/describe-video.ts';
import { startVideo } from '../client/start-video.ts';
import { outcomeOfClosed } from '../runs/closed-outcome.ts';
import type { StartedVideo } from '../client/video-client.ts';
import { VideoClientError } from '../client/video-client-error.ts';
import { maxSubmitTimeoutMs } from '../contract/defaults.ts';
import type { VideoResult } from '../contract/messages.ts';
import type { Retakes } from '../contract/retakes.ts';
import { taskQueues, workflowTypes } from '../contract/task-queues.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { asWaiter } from '../contract/waiter.ts';
import { failedOperation, failedVideo, orHandlerError, parseInput } from './operation-errors.ts';
import { readToken, writeToken } from './operation-token.ts';

const generateInput = z.object({
  /** Validated by `startVideo`, as are tags and retakes. */
  request: z.custom<VideoRequest>((given) => given !== undefined, 'is missing'),
  key: z.string(),
  take: z.number().exactOptional(),
  deadlineMs: z.number().positive().exactOptional(),
  submitTimeoutMs: z.number().positive().max(maxSubmitTimeoutMs).exactOptional(),
  retakes: z.custom<Retakes>().exactOptional(),
  sendAnyway: z.boolean().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  priority: z.enum(['interactive', 'batch']).exactOptional(),
});

/**
 * Starts or joins a video, or returns a cached one, as the client does, and attaches the caller's completion callback.
 *
 * A repeated delivery is safe: the same key is the same video, and the same request id is the same waiter.
 */
export async function startGenerate(
  context: StartOperationContext,
  input: unknown,
): Promise<HandlerStartOperationResult<VideoResult>> {
  const waiterId = `nexus/${context.requestId}`;
  for (;;) {
    const { request, started } = await startAsClient(input, waiterId);
    const { videoId } = started;
    const runId = started.outcome === 'cached' ? null : await follow(context, { started, request });
    if (runId === null) return HandlerStartOperationResult.sync(await endOf(videoId));
    // Another run has used the id in the meantime, maybe for another request. A new start checks that.
    if (runId !== started.runId) continue;
    const token = writeToken(operationInfo().namespace, { videoId, waiterId });
    return HandlerStartOperationResult.async(token);
  }
}

/** Removes the caller from the waiters. The run continues while it has others. */
export async function cancelGenerate(
  _context: CancelOperationContext,
  token: string,
): Promise<void> {
  const { videoId, ...who } = readToken(token);
  await orHandlerError(() => cancelVideo(getClient(), videoId, who));
}

/** A refused start fails the operation, because a retry would be refused, too. */
async function startAsClient(
  input: unknown,
  waiterId: string,
): Promise<{ request: VideoRequest; started: StartedVideo }> {
  try {
    const { request, ...options } = parseInput(generateInput, input);
    const client = getClient();
    return { request, started: await startVideo({ client }, request, { ...options, waiterId }) };
  } catch (error) {
    throw error instanceof VideoClientError ? failedOperation(error) : error;
  }
}

/**
 * Completes the operation with the run. The server attaches the callback to an open run, and starts no run if the id
 * has been used.
 *
 * @returns The run id; null if the run has closed in the meantime.
 */
async function follow(
  context: StartOperationContext,
  { started, request }: { started: StartedVideo; request: VideoRequest },
): Promise<string | null> {
  try {
    const { runId } = await startWorkflow(context, workflowTypes.generate, {
      taskQueue: taskQueues.workflows,
      workflowId: started.videoId,
      args: [{ request, ...asWaiter(started.waiterId) }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
    return runId ?? null;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

async function endOf(videoId: string): Promise<VideoResult> {
  const client = getClient();
  const end = await outcomeOfClosed(client, await describeVideo(client, videoId));
  switch (end.outcome) {
    case 'stored':
      return end.result;
    case 'failed':
      throw failedVideo(end.failure);
    case 'cancelled': {
      const { outcome, billed } = end.cancellation;
      throw new OperationError('canceled', `"${videoId}" ${outcome} (billed: ${billed})`);
    }
  }
}
