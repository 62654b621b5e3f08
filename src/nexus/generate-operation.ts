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
  /** Checked by the start itself, as are tags and retakes. */
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
 * Starts, joins or finds a video exactly as the client does, then asks the server to tell the caller when it has ended.
 *
 * May be delivered again: the same key is the same video, and the request's id is the same waiter.
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
    // Another run took the id in between, maybe for another request: only a new start can tell.
    if (runId !== started.runId) continue;
    const token = writeToken(operationInfo().namespace, { videoId, waiterId });
    return HandlerStartOperationResult.async(token);
  }
}

/** The caller stops waiting; the video goes on while others wait for it. */
export async function cancelGenerate(
  _context: CancelOperationContext,
  token: string,
): Promise<void> {
  const { videoId, ...who } = readToken(token);
  await orHandlerError(() => cancelVideo(getClient(), videoId, who));
}

/** A refusal ends the operation: to deliver it again would change nothing. */
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
 * Has the operation end with the run: the server takes its callback along to a run that is open, and starts none where
 * the id was used.
 *
 * @returns The run's id, null where it has closed meanwhile.
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
