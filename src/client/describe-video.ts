import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { workflowIdPrefix } from '../contract/task-queues.ts';
import { VideoClientError } from './video-client-error.ts';

/** Adds the prefix of video ids if it is missing. */
export function fullVideoId(id: string): string {
  return id.startsWith(workflowIdPrefix) ? id : workflowIdPrefix + id;
}

/** Temporal's description of a run. */
export type DescribedVideo = WorkflowExecutionDescription;

/** Describes the newest run of a video. @throws {VideoClientError} `not_found` */
export async function describeVideo(client: Client, videoId: string): Promise<DescribedVideo> {
  return orNotFound(videoId, () => client.workflow.getHandle(videoId).describe());
}

/** Whether the server has a run with this id. */
export async function isKnown(client: Client, videoId: string): Promise<boolean> {
  return describeVideo(client, videoId).then(
    () => true,
    (error: unknown) => {
      if (error instanceof VideoClientError && error.kind === 'not_found') return false;
      throw error;
    },
  );
}

/** Calls the server, with `not_found` in place of Temporal's error. @throws {VideoClientError} `not_found` */
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
