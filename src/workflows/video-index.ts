import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { VideoPhase, VideoStatus } from '../contract/messages.ts';
import {
  videoBilledKey,
  videoJobIdKey,
  videoModelKey,
  videoPhaseKey,
  videoUnresolvedForKey,
} from '../contract/search-attributes.ts';

type Indexed = Pick<VideoStatus, 'billed' | 'model' | 'jobId'> & { phase: VideoPhase };

/** Writes the search attributes of a run. Each write is an event of history and an action on Temporal Cloud. */
export interface VideoIndex {
  /** Writes what has changed, in one command. */
  write(status: VideoStatus): void;
}

/**
 * @param options.isLean The index says `running` from the acceptance of the job to the end of its delivery, and is not
 *   written at the start if whoever started the run has set the attributes. Runs of older code write each phase.
 */
export function createVideoIndex({ isLean }: { isLean: boolean }): VideoIndex {
  let before: Indexed | undefined = isLean ? fromStart() : undefined;
  return {
    write: (status) => {
      const next = { ...status, phase: isLean ? indexedPhase(status) : status.phase };
      const { phase, billed, model, jobId } = next;
      const pairs = [
        ...(phase === before?.phase ? [] : [{ key: videoPhaseKey, value: phase }]),
        ...(billed === before?.billed ? [] : [{ key: videoBilledKey, value: billed }]),
        ...(model === undefined || before ? [] : [{ key: videoModelKey, value: model }]),
        ...(jobId === undefined || jobId === before?.jobId
          ? []
          : [{ key: videoJobIdKey, value: jobId }]),
      ];
      const isResolved = before?.phase === 'unresolved' && phase !== 'unresolved';
      const cleared = isResolved ? [{ key: videoUnresolvedForKey, value: null }] : [];
      before = next;
      if (pairs.length > 0) upsertSearchAttributes([...pairs, ...cleared]);
    },
  };
}

/** A delivery that is retried shows, since a person may have to act. */
function indexedPhase({ phase, retrying }: VideoStatus): VideoPhase {
  if (phase === 'queued') return 'running';
  return phase === 'delivering' && !retrying ? 'running' : phase;
}

/** What the starter of the run has written. A continued run inherits the attributes of the run before. */
function fromStart(): Indexed | undefined {
  const { typedSearchAttributes: attributes } = workflowInfo();
  const phase = attributes.get(videoPhaseKey) as VideoPhase | undefined;
  const billed = attributes.get(videoBilledKey) as Indexed['billed'] | undefined;
  const jobId = attributes.get(videoJobIdKey);
  if (phase === undefined || billed === undefined) return undefined;
  if (attributes.get(videoModelKey) === undefined) return undefined;
  return { phase, billed, ...(jobId !== undefined && { jobId }) };
}
