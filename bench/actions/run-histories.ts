import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** One run with all its events. */
export interface RunHistory {
  workflowId: string;
  runId: string;
  events: readonly Event[];
  /** As the server stores it; 0 for earlier runs of a chain. */
  sizeBytes: number;
}

/**
 * The histories of workflows, of their earlier runs and of their children. It follows what the histories name and does not
 * search: the server's index is late.
 */
export async function readHistories(
  client: Client,
  workflowIds: readonly string[],
): Promise<RunHistory[]> {
  const found: RunHistory[] = [];
  for (const workflowId of workflowIds) {
    const chain = await readChain(client, workflowId);
    const children = chain.flatMap(childrenOf);
    found.push(...chain, ...(await readHistories(client, children)));
  }
  return found;
}

/** The newest run first, then those that continued as new. */
export async function readChain(client: Client, workflowId: string): Promise<RunHistory[]> {
  const { runId, historySize = 0 } = await client.workflow.getHandle(workflowId).describe();
  const runs: RunHistory[] = [];
  for (let next: string | null | undefined = runId; next;) {
    const { events } = await client.workflow.getHandle(workflowId, next).fetchHistory();
    const sizeBytes = next === runId ? historySize : 0;
    runs.push({ workflowId, runId: next, events: events ?? [], sizeBytes });
    next = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  }
  return runs;
}

/** Workflow ids of the children that a run has started. */
export function childrenOf({ events }: RunHistory): string[] {
  return events.flatMap(childOf);
}

function childOf(event: Event): string[] {
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  // An abandoned child may still run; it counts all the same.
  return child?.workflowId ? [child.workflowId] : [];
}
