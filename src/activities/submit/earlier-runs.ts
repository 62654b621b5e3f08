import { Context } from '@temporalio/activity';
import type { VideoFailure } from '../../contract/failure.ts';
import { videoFailureIn } from '../../contract/read-failure.ts';

/** What Temporal knows of the runs that a video had before. */
export interface EarlierRuns {
  /** The failure of ours that a run ended with; null where it ended otherwise, or is no longer known. */
  failureOf(run: { workflowId: string; runId: string }): Promise<VideoFailure | null>;
}

/** Asks the server that runs the activity. */
export function createEarlierRuns(): EarlierRuns {
  return {
    failureOf: async ({ workflowId, runId }) => {
      const handle = Context.current().client.workflow.getHandle(workflowId, runId, {
        followRuns: false,
      });
      const { status } = await handle.describe();
      if (status.name !== 'FAILED') return null;
      return handle.result().then(
        () => null,
        (error: unknown) => videoFailureIn(error instanceof Error ? error.cause : null),
      );
    },
  };
}
