import type { Client } from '@temporalio/client';
import { workflowTypes } from '../contract/task-queues.ts';
import { tenantOf } from '../identity/tenant-video.ts';
import { quoted } from './quoted.ts';

/** More takes of one request are not listed. */
const mostTakes = 20;
const takeEnding = /\/take-(\d+)$/;

/** Ids of the other takes of the same request or key, in the order of their numbers. The HTTP API makes no takes. */
export async function otherTakes(client: Client, videoId: string): Promise<string[]> {
  if (tenantOf(videoId) !== null) return [];
  const first = videoId.replace(takeEnding, '');
  const query = [
    `WorkflowType IN (${Object.values(workflowTypes).map(quoted).join(', ')})`,
    `(WorkflowId = ${quoted(first)} OR WorkflowId STARTS_WITH ${quoted(`${first}/take-`)})`,
  ].join(' AND ');
  const found = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (workflowId !== videoId && workflowId.replace(takeEnding, '') === first)
      found.add(workflowId);
    if (found.size >= mostTakes) break;
  }
  return [...found].toSorted((a, b) => takeOf(a) - takeOf(b));
}

function takeOf(videoId: string): number {
  return Number(takeEnding.exec(videoId)?.[1] ?? 1);
}
