import { QueryNotRegisteredError, type Client } from '@temporalio/client';

/**
 * Queries a run. A worker may refuse once, when it has read the run from its history and does not know the next step yet
 * (docs/decisions/0013): the second query waits for that step.
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
