import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { LedgerRun } from '../contract/ledger.ts';
import { ledgerCheckId, ledgerCheckWorkflowType } from '../contract/ledger-check.ts';
import { quoted } from '../runs/quoted.ts';
import { fromIndex } from '../runs/run-index.ts';
import { orNull } from '../runs/run-messages.ts';
import type { LedgerClient } from './ledger-client.ts';
import { deleteSchedule, putRepeated } from './batch/put-schedule.ts';

/** Concurrent requests to the server. */
const atOnce = 20;

/** Implements {@link LedgerClient} on Temporal's client. */
export function createLedgerClient(client: Client): LedgerClient {
  return {
    runs: (videoIds) => readRuns(client, videoIds),
    knowsJob: async (jobId) =>
      (await client.workflow.count(`VideoJobId = ${quoted(jobId)}`)).count > 0,
    scheduleCheck: ({ everyMs, ...input }) =>
      putRepeated(client, {
        id: ledgerCheckId,
        workflowType: ledgerCheckWorkflowType,
        input,
        everyMs,
      }),
    stopChecks: () => deleteSchedule(client, ledgerCheckId),
  };
}

async function readRuns(
  client: Client,
  videoIds: Iterable<string>,
): Promise<Map<string, LedgerRun>> {
  const inTurn = pLimit(atOnce);
  const found = await inTurn.map(new Set(videoIds), async (videoId) => {
    const run = await readRun(client, videoId);
    return run ? ([[videoId, run]] as const) : [];
  });
  return new Map(found.flat());
}

async function readRun(client: Client, videoId: string): Promise<LedgerRun | null> {
  const found = await orNull(() => client.workflow.getHandle(videoId).describe());
  if (found === null) return null;
  const { phase, billed, jobId } = fromIndex(found);
  return { phase, billed, ...(jobId !== undefined && { jobId }) };
}
