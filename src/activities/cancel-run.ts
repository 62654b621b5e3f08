import { Context } from '@temporalio/activity';
import type { RunActivities } from '../contract/activities.ts';

/** Requests cancellation of the workflow run that this activity belongs to. Idempotent. */
export function createCancelRun(): RunActivities['cancelRun'] {
  return async () => {
    const { client, info } = Context.current();
    const { workflowId, runId } = info.workflowExecution ?? {};
    if (workflowId === undefined || runId === undefined) {
      throw new TypeError(
        'There is no run to cancel: the activity does not belong to a workflow run',
      );
    }
    await client.workflow.getHandle(workflowId, runId).cancel();
  };
}
