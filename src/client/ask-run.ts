import { QueryNotRegisteredError, type Client } from '@temporalio/client';

/**
 * Queries a run. A worker that has just replayed the history may reject the first query, because the handler is
 * registered in the next workflow task (docs/decisions/0013). The second query waits for that task.
 */
export async function askRun<T>(client: Client, workflowId: string, name: string): Promise<T> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await handle.query<T>(name);
  } catch (error) {
    if (!(error instanceof QueryNotRegisteredError)) throw error;
    return handle.query<T>(name);
  }
}
