import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { readChain, childrenOf } from '../actions/run-histories.ts';

const { HistoryEvent } = proto.temporal.api.history.v1;
/** Reading all of 100,000 would take as long as the batch. */
const videosRead = 200;

/** The largest of some histories, encoded as the server sends them. */
export interface Largest {
  runs: number;
  events: number;
  historyBytes: number;
  eventBytes: number;
}

/** Of a batch, with the runs that it continued as, of its partitions, of some of its videos, and of the admission. */
export async function largestHistories(
  client: Client,
  { batchId, admissionId }: { batchId: string; admissionId: string },
): Promise<Record<'batch' | 'partitions' | 'videos' | 'admission', Largest>> {
  const [batch, partitionIds] = await largestOf(client, [batchId]);
  const [partitions, videoIds] = await largestOf(client, partitionIds);
  const [videos] = await largestOf(client, videoIds.slice(0, videosRead));
  const [admission] = await largestOf(client, [admissionId]);
  return { batch, partitions, videos, admission };
}

async function largestOf(
  client: Client,
  workflowIds: readonly string[],
): Promise<[Largest, string[]]> {
  const largest = { runs: 0, events: 0, historyBytes: 0, eventBytes: 0 };
  const children: string[] = [];
  for (const workflowId of workflowIds) {
    for (const run of await readChain(client, workflowId)) {
      const sizes = run.events.map((event) => HistoryEvent.encode(event).finish().length);
      largest.runs += 1;
      largest.events = Math.max(largest.events, sizes.length);
      largest.eventBytes = Math.max(largest.eventBytes, ...sizes);
      const historyBytes = sizes.reduce((sum, size) => sum + size, 0);
      largest.historyBytes = Math.max(largest.historyBytes, historyBytes);
      children.push(...childrenOf(run));
    }
  }
  return [largest, children];
}
