import type { Client } from '@temporalio/client';
import { messageNames, type VideoStatus } from '../contract/messages.ts';
import { askRun } from './ask-run.ts';
import type { ClosedOutcome } from '../runs/closed-outcome.ts';
import { fromIndex } from '../runs/run-index.ts';
import type { DescribedVideo } from './describe-video.ts';
import { readProgress } from './read-pending.ts';
import { readRetry } from './read-retry.ts';
import type { VideoSnapshot } from './video-client.ts';

/** A running worker answers a query at once. Without one, the caller should not wait long for the index's answer. */
const queryTimeoutMs = 3_000;

/** Queries the run for its status; null if no worker answers. */
export async function queryStatus(client: Client, videoId: string): Promise<VideoStatus | null> {
  try {
    return await client.withDeadline(Date.now() + queryTimeoutMs, () =>
      askRun<VideoStatus>(client, videoId, messageNames.videoStatus),
    );
  } catch {
    return null;
  }
}

/** The status of an open run, with the step that is being retried. That step's failure does not decide `billed`. */
export async function openStatus(
  client: Client,
  found: DescribedVideo,
  live: VideoStatus | null,
): Promise<VideoSnapshot> {
  const { workflowId: videoId } = found;
  const status = live
    ? { ...withProgress(live, await readProgress(client, found)), videoId, live: true }
    : { ...fromIndex(found), live: false };
  const retrying = await readRetry(client, found);
  if (!retrying) return status;
  const failure = { ...retrying.failure, billed: status.billed };
  return { ...status, retrying: { ...retrying, failure } };
}

/** A lean run is told of no progress: its pending poll has it. */
function withProgress(
  status: VideoStatus,
  progress: Awaited<ReturnType<typeof readProgress>>,
): VideoStatus {
  const { phase } = status;
  if (!progress || (phase !== 'queued' && phase !== 'running' && phase !== 'overdue'))
    return status;
  const { state, progressPercent } = progress;
  const isOpen = state === 'queued' || state === 'running';
  return {
    ...status,
    ...(phase !== 'overdue' && isOpen && { phase: state }),
    ...(progressPercent !== undefined && { progressPercent }),
  };
}

/** The status of a closed run. */
export function closedStatus(found: DescribedVideo, closed: ClosedOutcome): VideoSnapshot {
  const index = { ...fromIndex(found), live: false };
  switch (closed.outcome) {
    case 'stored':
      return { ...index, ...closed.result };
    case 'failed':
      return { ...index, failure: closed.failure };
    case 'cancelled':
      return { ...index, cancellation: closed.cancellation };
  }
}
