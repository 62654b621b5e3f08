import { Context } from '@temporalio/activity';
import { workflowTypes } from '../../contract/task-queues.ts';
import { quoted } from '../../runs/quoted.ts';

/** The other videos of this namespace, read from Temporal's visibility index, which lags by about a second. */
export interface OtherVideos {
  /** True when another video already owns this job. */
  own(job: { jobId: string; exceptVideoId: string }): Promise<boolean>;
}

/** Queries the server that runs the activity. */
export function createOtherVideos(): OtherVideos {
  const types = Object.values(workflowTypes).map((type) => `'${type}'`);
  const count = async (...conditions: string[]) => {
    const query = [`WorkflowType IN (${types.join(', ')})`, ...conditions].join(' AND ');
    return (await Context.current().client.workflow.count(query)).count;
  };
  return {
    own: async ({ jobId, exceptVideoId }) =>
      (await count(`WorkflowId != ${quoted(exceptVideoId)}`, `VideoJobId = ${quoted(jobId)}`)) > 0,
  };
}
