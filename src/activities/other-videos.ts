import { Context } from '@temporalio/activity';
import { workflowTypes } from '../contract/task-queues.ts';

/**
 * A job that nobody watches any longer may still be given its money back: the gateway has a verdict on each after 24 h,
 * and two more are for its sweep.
 */
const verdictMs = 26 * 3_600_000;

/** What Temporal knows of the other videos of this namespace, by its index, which lags by about a second. */
export interface OtherVideos {
  /** How many had or may have spent money on the key, and were under way since then or may still be given it back. */
  underWaySince(since: { sinceMs: number; exceptVideoId: string }): Promise<number>;
  /** True when another video stands for this job already. */
  own(job: { jobId: string; exceptVideoId: string }): Promise<boolean>;
}

/** Asks the server that runs the activity. */
export function createOtherVideos(): OtherVideos {
  const types = Object.values(workflowTypes).map((type) => `'${type}'`);
  const count = async (...conditions: string[]) => {
    const query = [`WorkflowType IN (${types.join(', ')})`, ...conditions].join(' AND ');
    return (await Context.current().client.workflow.count(query)).count;
  };
  return {
    underWaySince: ({ sinceMs, exceptVideoId }) =>
      count(
        `WorkflowId != ${quoted(exceptVideoId)}`,
        `VideoBilled != 'no'`,
        [
          `(ExecutionStatus = 'Running'`,
          `CloseTime > '${isoTime(sinceMs)}'`,
          `(VideoPhase != 'stored' AND CloseTime > '${isoTime(sinceMs - verdictMs)}'))`,
        ].join(' OR '),
      ),
    own: async ({ jobId, exceptVideoId }) =>
      (await count(`WorkflowId != ${quoted(exceptVideoId)}`, `VideoJobId = ${quoted(jobId)}`)) > 0,
  };
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
