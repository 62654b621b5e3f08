import { Client } from '@temporalio/client';
import { expect } from 'vitest';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { clearParts } from '../support/clear-parts.ts';
import type { Harness } from './harness.ts';

type Place = Pick<Harness, 'connection' | 'namespace'>;

/** Searches all histories of a namespace for data that should have been encrypted. */
export async function expectEncrypted(place: Place): Promise<void> {
  const { workflow } = new Client(place);
  const found: string[] = [];
  for await (const { workflowId, runId } of runsOf(place)) {
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
    found.push(...clearParts(events ?? []).map((part) => `${workflowId}, ${part}`));
  }
  expect(found.slice(0, 10)).toEqual([]);
}

/** Not the client's own list, which reads memos and has no key here. */
async function* runsOf({ connection, namespace }: Place) {
  const query = `TaskQueue = '${taskQueues.workflows}'`;
  let nextPageToken: Uint8Array = Buffer.alloc(0);
  do {
    const asked = { namespace, query, nextPageToken };
    const page = await connection.workflowService.listWorkflowExecutions(asked);
    for (const { execution } of page.executions) {
      yield { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
    }
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
}
