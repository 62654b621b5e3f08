import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Billed } from '../contract/failure.ts';
import type { VideoPhase } from '../contract/messages.ts';
import {
  videoBilledKey,
  videoJobIdKey,
  videoModelKey,
  videoPhaseKey,
} from '../contract/search-attributes.ts';

/** A video as the server's index knows it. */
export interface ListedVideo {
  videoId: string;
  phase: VideoPhase;
  billed: Billed;
  model?: string;
  jobId?: string;
  startedAt: string;
  closedAt?: string;
}

/** What the server's index knows of a run, without any worker. */
export function fromIndex(info: Omit<WorkflowExecutionInfo, 'raw'>): ListedVideo {
  const attributes = info.typedSearchAttributes;
  const model = attributes.get(videoModelKey);
  const jobId = attributes.get(videoJobIdKey);
  return {
    videoId: info.workflowId,
    phase:
      closedPhase(info) ??
      (attributes.get(videoPhaseKey) as VideoPhase | undefined) ??
      'submitting',
    billed: (attributes.get(videoBilledKey) as Billed | undefined) ?? 'maybe',
    startedAt: info.startTime.toISOString(),
    ...(model !== undefined && { model }),
    ...(jobId !== undefined && { jobId }),
    ...(info.closeTime && { closedAt: info.closeTime.toISOString() }),
  };
}

/** A terminated run wrote no last phase; it may have paid, which `billed` says. */
export function closedPhase({
  status,
}: Pick<WorkflowExecutionInfo, 'status'>): 'stored' | 'cancelled' | 'failed' | null {
  switch (status.name) {
    case 'COMPLETED':
      return 'stored';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
    case 'TERMINATED':
    case 'TIMED_OUT':
      return 'failed';
    default:
      return null;
  }
}
