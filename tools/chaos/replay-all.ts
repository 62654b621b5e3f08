import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { workerTracing } from '../../src/worker/tracing/worker-tracing.ts';
import { workflowBundle } from '../../test/support/workflow-bundle.ts';

export interface Replays {
  histories: number;
  /** One line for each run that does not replay. */
  broken: string[];
}

/** Replays every history of the namespace: videos, batches with their parts, and the admission. */
export async function replayAll(client: Client): Promise<Replays> {
  const { sinks } = await workerTracing(undefined);
  const options = { workflowBundle: { codePath: await workflowBundle() }, sinks };
  const replays: Replays = { histories: 0, broken: [] };
  const results = Worker.runReplayHistories(options, client.workflow.list().intoHistories());
  for await (const { workflowId, runId, error } of results) {
    replays.histories += 1;
    if (error) replays.broken.push(`${workflowId} (${runId}) does not replay: ${error.message}`);
  }
  return replays;
}
