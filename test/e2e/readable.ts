import type { Harness } from './harness.ts';

/** All text that the server stores of a run, history and description, as a reader of its database sees it. */
export async function wordsKept(harness: Harness, videoId: string): Promise<string[]> {
  const { connection, namespace } = harness;
  const asked = { namespace, execution: { workflowId: videoId } };
  const { workflowService } = connection;
  const description = await workflowService.describeWorkflowExecution(asked);
  const { history } = await workflowService.getWorkflowExecutionHistory(asked);
  return [...wordsIn(description), ...wordsIn(history?.events)];
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...wordsIn(inner)]);
}
