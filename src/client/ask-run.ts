import { QueryNotRegisteredError, type Client } from '@temporalio/client';

/**
 * Queries a run. A worker that has just replayed the history may reject the first query, because an answer could make
 * the run unreadable (docs/decisions/0013). The second query waits for the next workflow task, or is answered if there
 * is none.
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
