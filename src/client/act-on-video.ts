import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import {
  messageNames,
  type Cancellation,
  type ResolveSubmission,
  type StillWaiting,
} from '../contract/messages.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import { workflowTypes } from '../contract/task-queues.ts';
import { waiterIn } from '../contract/waiter.ts';
import { fromIndex } from '../runs/run-index.ts';
import { keepRun, leaveRun } from '../runs/run-messages.ts';
import { describeVideo, fullVideoId, orNotFound } from './describe-video.ts';
import type { CancelOptions, CancelRequest } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

/**
 * A running worker answers an update at once. If a worker died while it held the run's workflow task, another one gets
 * the task after 10 s (workflow task timeout) and 2 s (sticky queue). The limit covers both.
 */
const answerTimeoutMs = 15_000;

/** Implements `VideoClient.cancel`. */
export async function cancelVideo(
  client: Client,
  id: string,
  options: CancelOptions = {},
): Promise<CancelRequest> {
  const videoId = fullVideoId(id);
  const waiterId = waiterIn(options);
  const { closeTime, type } = await describeVideo(client, videoId);
  if (closeTime !== undefined) return { outcome: 'closed' };
  if (waiterId !== undefined && type === workflowTypes.generate) {
    const { wasWaiting, others, cancelling } = await leave(client, videoId, waiterId);
    if (others > 0) return { outcome: wasWaiting ? 'left' : 'not_waiting', others };
    if (cancelling) return { outcome: 'cancelling' };
  }
  await orNotFound(videoId, () => client.workflow.getHandle(videoId).cancel());
  return { outcome: 'cancelling' };
}

async function leave(client: Client, videoId: string, waiterId: string): Promise<StillWaiting> {
  try {
    return await client.withDeadline(Date.now() + answerTimeoutMs, () =>
      leaveRun(client, { videoId, waiterId, cancelIf: 'nobody_waits' }),
    );
  } catch (cause) {
    const message = `No worker answers for "${videoId}", so its other waiters are unknown: start a worker, or use \`onetake cancel --all\``;
    throw new VideoClientError('no_answer', message, { cause });
  }
}

/** Implements `VideoClient.keep`. */
export async function keepVideo(client: Client, id: string): Promise<Cancellation> {
  const { workflowId: videoId } = await openVideo(client, id, 'it has no waiters any more');
  return orNoAnswer(client, videoId, () => orWrongPhase(videoId, () => keepRun(client, videoId)));
}

/**
 * Implements `VideoClient.resolve`.
 *
 * Sends the update without a query first: the run validates it (docs/decisions/0013). The update id contains the
 * decision and the length of the history, so a repeated call decides once.
 */
export async function resolveSubmission(
  client: Client,
  id: string,
  decision: ResolveSubmission,
): Promise<void> {
  const found = await openVideo(client, id, 'it has no unresolved submit');
  const { workflowId: videoId, runId, historyLength } = found;
  const jobId = decision.action === 'adopt' ? decision.jobId : '';
  const handle = client.workflow.getHandle(videoId);
  const decide = () =>
    handle.executeUpdate<void, [ResolveSubmission]>(messageNames.resolveSubmission, {
      args: [decision],
      updateId: [decision.action, jobId, runId, historyLength].join('/'),
    });
  await orNoAnswer(client, videoId, () => orWrongPhase(videoId, decide));
}

async function openVideo(client: Client, id: string, otherwise: string) {
  const videoId = fullVideoId(id);
  const found = await describeVideo(client, videoId);
  if (found.closeTime === undefined) return found;
  const { phase } = fromIndex(found);
  throw new VideoClientError('wrong_phase', `"${videoId}" has ended (${phase}): ${otherwise}`);
}

/** Translates a rejected update into a `VideoClientError`. */
async function orWrongPhase<T>(videoId: string, run: () => Promise<T>): Promise<T> {
  try {
    return await orNotFound(videoId, run);
  } catch (cause) {
    if (!(cause instanceof WorkflowUpdateFailedError)) throw cause;
    const failure = videoFailureIn(cause.cause);
    const kind = failure?.kind === 'job_taken' ? 'job_taken' : 'wrong_phase';
    throw new VideoClientError(kind, cause.cause?.message ?? cause.message, { cause });
  }
}

/** Limits the wait for a worker. What was sent may still take effect. */
async function orNoAnswer<T>(client: Client, videoId: string, run: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + answerTimeoutMs, run);
  } catch (cause) {
    if (!(cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw cause;
    const message = `"${videoId}" has not answered within ${answerTimeoutMs / 1_000} s, and may still do what was asked: show its status; if no worker is running, start one and repeat the request`;
    throw new VideoClientError('no_answer', message, { cause });
  }
}
