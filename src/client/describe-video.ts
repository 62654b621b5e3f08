import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { workflowIdPrefix } from '../contract/task-queues.ts';
import type { Billed } from '../contract/failure.ts';
import type { VideoPhase } from '../contract/messages.ts';
import {
  videoBilledKey,
  videoJobIdKey,
  videoModelKey,
  videoPhaseKey,
} from '../contract/search-attributes.ts';
import type { ListedVideo } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

/** Callers may leave the prefix away. */
export function fullVideoId(id: string): string {
  return id.startsWith(workflowIdPrefix) ? id : workflowIdPrefix + id;
}

export type DescribedVideo = WorkflowExecutionDescription;

/** The newest run of a video. @throws {VideoClientError} `not_found` */
export async function describeVideo(client: Client, videoId: string): Promise<DescribedVideo> {
  return orNotFound(videoId, () => client.workflow.getHandle(videoId).describe());
}

export async function isKnown(client: Client, videoId: string): Promise<boolean> {
  return describeVideo(client, videoId).then(
    () => true,
    (error: unknown) => {
      if (error instanceof VideoClientError && error.kind === 'not_found') return false;
      throw error;
    },
  );
}

/** @throws {VideoClientError} `not_found` */
export async function orNotFound<T>(videoId: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof WorkflowNotFoundError)) throw cause;
    throw new VideoClientError(
      'not_found',
      `There is no video "${videoId}"; \`onetake list\` shows all`,
      {
        cause,
      },
    );
  }
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
function closedPhase({ status }: Omit<WorkflowExecutionInfo, 'raw'>): VideoPhase | null {
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
