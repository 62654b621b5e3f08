import { CancellationScope, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { batchMessages, type BatchRowPhase } from '../../contract/batch.ts';
import type { GenerateVideoInput } from '../../contract/messages.ts';
import type { VideoTracker } from '../video-tracker.ts';

/**
 * Signals the batch that started this video when the video waits for a verdict or a person: the batch then starts
 * another one in its place.
 */
export function tellingBatch(tracker: VideoTracker, input: GenerateVideoInput): VideoTracker {
  const { parent } = workflowInfo();
  if (!parent || !input.batch) return tracker;
  const partition = getExternalWorkflowHandle(parent.workflowId, parent.runId);
  const tell = (phase: BatchRowPhase['phase']) => {
    const { billed, jobId } = tracker.status();
    const videoId = workflowInfo().workflowId;
    const news = { videoId, phase, billed, ...(jobId !== undefined && { jobId }) };
    void CancellationScope.nonCancellable(() =>
      partition.signal(batchMessages.rowPhase, news),
    ).catch(() => {});
  };
  /** Runs a change that may end such a wait, and signals the batch if it did. */
  const backFrom = (phase: 'unresolved' | 'overdue', change: () => void) => {
    const wasAside = tracker.status().phase === phase;
    change();
    if (wasAside) tell('running');
  };
  return {
    ...tracker,
    overdue: () => {
      tracker.overdue();
      tell('overdue');
    },
    unresolved: (unknown) => {
      tracker.unresolved(unknown);
      tell('unresolved');
    },
    retaken: (failure, kind) => backFrom('overdue', () => tracker.retaken(failure, kind)),
    submitting: () => backFrom('unresolved', () => tracker.submitting()),
    accepted: (job) => backFrom('unresolved', () => tracker.accepted(job)),
  };
}
