import { Context } from '@temporalio/activity';
import type { VideoFailure } from '../../contract/failure.ts';
import { videoFailureIn } from '../../contract/read-failure.ts';

/** What Temporal knows about the earlier runs of a video. */
export interface EarlierRuns {
  /** The `VideoFailure` that a run ended with; null if it ended otherwise or is no longer known. */
  failureOf(run: { workflowId: string; runId: string }): Promise<VideoFailure | null>;
}

/** Queries the server that runs the activity. */
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
