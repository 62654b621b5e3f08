import { Context } from '@temporalio/activity';
import type { BatchRowPhase } from '../../contract/batch.ts';
import type { VideoFailure } from '../../contract/failure.ts';
import {
  messageNames,
  type CancelVideo,
  type LeaveVideo,
  type StillWaiting,
  type VideoResult,
} from '../../contract/messages.ts';
import { videoFailureIn } from '../../contract/read-failure.ts';
import { videoBilledKey, videoJobIdKey, videoPhaseKey } from '../../contract/search-attributes.ts';
import { workflowTypes } from '../../contract/task-queues.ts';
import { digestOfRun } from '../../identity/run-digest.ts';
import type { Billed } from '../../contract/failure.ts';
import { asWaiter, type Waiter } from '../../contract/waiter.ts';

/** The newest run of a video, as the server knows it. */
export type VideoRun = { requestDigest?: string } & (
  | ({ state: 'open' } & Omit<BatchRowPhase, 'videoId'>)
  | { state: 'stored'; result: VideoResult }
  | { state: 'failed'; failure: VideoFailure }
  | { state: 'cancelled'; billed: Billed; jobId?: string }
);

/** The runs of videos, beside the one that the activity belongs to. */
export interface VideoRuns {
  /** Null where the server knows none. */
  read(videoId: string): Promise<VideoRun | null>;
  /** One more waits for the open run. False where there is none. */
  join(videoId: string, waiterId: string): Promise<boolean>;
  /** One waits no longer; with `cancelIf`, that may cancel the run. Null where no run is open. */
  leave(leaving: Leaving): Promise<LeftRun | null>;
  /** A closed run stays as it is. */
  cancel(videoId: string): Promise<void>;
  /** Nobody waits any more: what is paid is stored. False where nothing was spent. A closed run stays as it is. */
  keep(videoId: string): Promise<boolean>;
}

export interface Leaving extends Pick<LeaveVideo, 'cancelIf'> {
  videoId: string;
  waiterId: string;
}

/** Who still waits, and what the video has cost so far. */
export interface LeftRun extends StillWaiting {
  billed: Billed;
  jobId?: string;
}

/** Asks the server that runs the activity. */
export function createVideoRuns(): VideoRuns {
  return {
    read: (videoId) => orNull(() => readRun(videoId)),
    join,
    leave: (leaving) => orNull(() => leave(leaving)),
    cancel: async (videoId) => {
      await orNull(() => handleOf(videoId).cancel());
    },
    keep,
  };
}

async function readRun(videoId: string): Promise<VideoRun> {
  const found = await handleOf(videoId).describe();
  const digest = await digestOfRun(Context.current().client, found);
  const known = digest === undefined ? {} : { requestDigest: digest };
  const { billed, ...job } = indexed(found);
  if (found.closeTime === undefined) {
    return { ...known, state: 'open', phase: phaseOf(found), billed, ...job };
  }
  if (found.status.name === 'CANCELLED') return { ...known, state: 'cancelled', billed, ...job };
  const handle = Context.current().client.workflow.getHandle(videoId, found.runId);
  try {
    return { ...known, state: 'stored', result: (await handle.result()) as VideoResult };
  } catch (error) {
    if (!isNamed(error, 'WorkflowFailedError')) throw error;
    const failure = videoFailureIn(error.cause) ?? endedByForce(found.status.name, billed);
    return { ...known, state: 'failed', failure: { ...job, ...failure } };
  }
}

/** Terminated or timed out: no last word, and what the index knows of the bill. */
function endedByForce(status: string, billed: Billed): VideoFailure {
  const kind = billed === 'no' ? 'gateway_unavailable' : 'submit_unknown';
  return { kind, billed, message: `The run ended without an outcome: ${status.toLowerCase()}` };
}

type Found = Awaited<ReturnType<ReturnType<typeof handleOf>['describe']>>;

function indexed({ typedSearchAttributes }: Found): { billed: Billed; jobId?: string } {
  const billed = (typedSearchAttributes.get(videoBilledKey) as Billed | undefined) ?? 'maybe';
  const jobId = typedSearchAttributes.get(videoJobIdKey);
  return { billed, ...(jobId !== undefined && { jobId }) };
}

/** Only whether it stands aside: a batch makes no other difference. */
function phaseOf({ typedSearchAttributes }: Found): BatchRowPhase['phase'] {
  const phase = typedSearchAttributes.get(videoPhaseKey);
  return phase === 'overdue' || phase === 'unresolved' ? phase : 'running';
}

async function join(videoId: string, waiterId: string): Promise<boolean> {
  const joined = await orNull(async () => {
    await handleOf(videoId).signal<[Waiter]>(messageNames.joinVideo, asWaiter(waiterId));
    return true;
  });
  return joined ?? false;
}

/** The id of the update is made of what it says: asked again, it answers as it did first. */
async function leave({ videoId, waiterId, cancelIf }: Leaving) {
  const handle = handleOf(videoId);
  const found = await handle.describe();
  if (found.closeTime !== undefined) return null;
  // A run that collects a job goes on for whoever adopted it.
  if (found.type !== workflowTypes.generate)
    return { wasWaiting: false, others: 1, ...indexed(found) };
  const waiting = await handle.executeUpdate<StillWaiting, [LeaveVideo]>(messageNames.leaveVideo, {
    args: [{ ...asWaiter(waiterId), ...(cancelIf && { cancelIf }) }],
    updateId: ['leave', waiterId, ...(cancelIf ? [cancelIf] : [])].join('/'),
  });
  return { ...waiting, ...indexed(found) };
}

async function keep(videoId: string): Promise<boolean> {
  const kept = await orNull(async () => {
    try {
      const args: [CancelVideo] = [{ keep: true }];
      await handleOf(videoId).executeUpdate(messageNames.cancelVideo, { args });
      return true;
    } catch (error) {
      if (!isNamed(error, 'WorkflowUpdateFailedError')) throw error;
      return false;
    }
  });
  return kept ?? true;
}

function handleOf(videoId: string) {
  return Context.current().client.workflow.getHandle(videoId);
}

async function orNull<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (isNamed(error, 'WorkflowNotFoundError')) return null;
    throw error;
  }
}

/** The classes belong to the client library, which this room does not import. */
function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
