import type { Client } from '@temporalio/client';
import type { VideoPhase } from '../contract/messages.ts';
import { workflowTypes } from '../contract/task-queues.ts';
import { fromIndex, type ListedVideo } from '../runs/run-index.ts';

const defaultLimit = 50;

/** Implements `VideoClient.list`. */
export async function listVideos(
  client: Client,
  { phase, limit = defaultLimit }: { phase?: VideoPhase; limit?: number } = {},
): Promise<ListedVideo[]> {
  const types = Object.values(workflowTypes).map((type) => `'${type}'`);
  const query = [
    `WorkflowType IN (${types.join(', ')})`,
    ...(phase === undefined ? [] : [`VideoPhase = '${phase}'`]),
  ].join(' AND ');
  const videos: ListedVideo[] = [];
  for await (const info of client.workflow.list({ query })) {
    videos.push(fromIndex(info));
    if (videos.length >= limit) break;
  }
  return videos;
}
