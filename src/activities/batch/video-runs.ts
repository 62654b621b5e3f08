import { Context } from '@temporalio/activity';
import type { BatchRowPhase } from '../../contract/batch.ts';
import type { Billed, VideoFailure } from '../../contract/failure.ts';
import type { StillWaiting, VideoResult } from '../../contract/messages.ts';
import { workflowTypes } from '../../contract/task-queues.ts';
import { outcomeOfClosed } from '../../runs/closed-outcome.ts';
import { digestOfRun } from '../../runs/run-digest.ts';
import { fromIndex } from '../../runs/run-index.ts';
import { joinRun, keepRun, leaveRun, orNull, type Leaving } from '../../runs/run-messages.ts';

/** The newest run of a video, as the server knows it. */
export type VideoRun = { requestDigest?: string } & (
  | ({ state: 'open' } & Omit<BatchRowPhase, 'videoId'>)
  | { state: 'stored'; result: VideoResult }
  | { state: 'failed'; failure: VideoFailure }
  | { state: 'cancelled'; billed: Billed; jobId?: string }
);

/** The runs of other videos. */
export interface VideoRuns {
  /** Null if the server knows none. */
  read(videoId: string): Promise<VideoRun | null>;
  /** Adds a waiter to the open run. Returns false if no run is open. */
  join(videoId: string, waiterId: string): Promise<boolean>;
  /** Removes a waiter; with `cancelIf`, that may cancel the run. Returns null if no run is open. */
  leave(leaving: Leaving): Promise<LeftRun | null>;
  /** Does nothing to a closed run. */
  cancel(videoId: string): Promise<void>;
  /** Removes all waiters; a paid video is stored. Returns false if nothing was spent. Does nothing to a closed run. */
  keep(videoId: string): Promise<boolean>;
}

/** The remaining waiters, and whether the video has been billed so far. */
export interface LeftRun extends StillWaiting {
  billed: Billed;
  jobId?: string;
}

/** Queries the server that runs the activity. */
export function createVideoRuns(): VideoRuns {
  return {
    read: (videoId) => orNull(() => readRun(videoId)),
    join: (videoId, waiterId) => joinRun(Context.current().client, { videoId, waiterId }),
    leave: (leaving) => orNull(() => leave(leaving)),
    cancel: async (videoId) => {
      await orNull(() => handleOf(videoId).cancel());
    },
    keep,
  };
}

async function readRun(videoId: string): Promise<VideoRun> {
  const { client } = Context.current();
  const found = await handleOf(videoId).describe();
  const requestDigest = await digestOfRun(client, found);
  const known = requestDigest === undefined ? {} : { requestDigest };
  const { phase, ...costs } = costsOf(found);
  if (found.closeTime === undefined) {
    // A batch needs only these two phases; all others count as running.
    const seen = phase === 'overdue' || phase === 'unresolved' ? phase : 'running';
    return { ...known, state: 'open', phase: seen, ...costs };
  }
  const closed = await outcomeOfClosed(client, found);
  switch (closed.outcome) {
    case 'stored':
      return { ...known, state: 'stored', result: closed.result };
    case 'failed':
      return { ...known, state: 'failed', failure: { ...costs, ...closed.failure } };
    case 'cancelled':
      return { ...known, state: 'cancelled', ...costs };
  }
}

function costsOf(found: Parameters<typeof fromIndex>[0]) {
  const { phase, billed, jobId } = fromIndex(found);
  return { phase, billed, ...(jobId !== undefined && { jobId }) };
}

/** The id of the update is derived from its arguments, so a retry gets the first answer. */
async function leave(leaving: Leaving): Promise<LeftRun | null> {
  const { videoId, waiterId, cancelIf } = leaving;
  const found = await handleOf(videoId).describe();
  if (found.closeTime !== undefined) return null;
  const { phase: _, ...costs } = costsOf(found);
  // A run that collects a job continues for the caller that adopted it.
  if (found.type !== workflowTypes.generate) return { wasWaiting: false, others: 1, ...costs };
  const updateId = ['leave', waiterId, ...(cancelIf ? [cancelIf] : [])].join('/');
  const waiting = await leaveRun(Context.current().client, leaving, updateId);
  return { ...waiting, ...costs };
}

async function keep(videoId: string): Promise<boolean> {
  try {
    await orNull(() => keepRun(Context.current().client, videoId));
    return true;
  } catch (error) {
    // The class belongs to the client library, which this folder does not import.
    if (error instanceof Error && error.name === 'WorkflowUpdateFailedError') return false;
    throw error;
  }
}

function handleOf(videoId: string) {
  return Context.current().client.workflow.getHandle(videoId);
}
