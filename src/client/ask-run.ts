import { QueryNotRegisteredError, type Client } from '@temporalio/client';

/**
 * How often a query may be refused. After the loss of a worker there are two refusals without a new event: that of the
 * query which came first, and that of one which comes right after the first workflow task. Each further refusal needs
 * another lost worker.
 */
const refusals = 5;

/**
 * Queries a run. A worker that has just replayed the history may refuse a query, because an answer could make the run
 * unreadable (docs/decisions/0013). Each refusal removes the run from the cache of the worker, so a later query is
 * answered by the next workflow task, or by a worker that reads the whole history.
 */
export async function askRun<T>(client: Client, workflowId: string, name: string): Promise<T> {
  const handle = client.workflow.getHandle(workflowId);
  for (let refused = 1; ; refused += 1) {
    try {
      return await handle.query<T>(name);
    } catch (error) {
      if (!(error instanceof QueryNotRegisteredError) || refused >= refusals) throw error;
    }
  }
}
