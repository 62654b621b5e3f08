import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowNotFoundError,
  type Client,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import pLimit from 'p-limit';
import type { LedgerRun } from '../contract/ledger.ts';
import {
  ledgerCheckId,
  ledgerCheckWorkflowType,
  type LedgerCheck,
  type LedgerCheckInput,
} from '../contract/ledger-check.ts';
import { taskQueues } from '../contract/task-queues.ts';
import { fromIndex } from './describe-video.ts';
import type { LedgerCheckSchedule, LedgerClient } from './ledger-client.ts';

/** Questions to the server at once. */
const atOnce = 20;
/** A check that was missed is made up for by the next one. */
const catchupMs = 60_000;

export function createLedgerClient(client: Client): LedgerClient {
  return {
    runs: (videoIds) => readRuns(client, videoIds),
    knowsJob: async (jobId) =>
      (await client.workflow.count(`VideoJobId = ${quoted(jobId)}`)).count > 0,
    scheduleCheck: (check) => createOrUpdate(client, check),
    stopChecks: async () => {
      try {
        await client.schedule.getHandle(ledgerCheckId).delete();
        return { outcome: 'deleted' };
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return { outcome: 'not_there' };
        throw error;
      }
    },
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
  try {
    const { phase, billed, jobId } = fromIndex(await client.workflow.getHandle(videoId).describe());
    return { phase, billed, ...(jobId !== undefined && { jobId }) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

async function createOrUpdate(
  client: Client,
  check: LedgerCheckSchedule,
): Promise<{ outcome: 'created' | 'updated' }> {
  const options = optionsOf(check);
  try {
    await client.schedule.create(options);
    return { outcome: 'created' };
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  await client.schedule.getHandle(ledgerCheckId).update(({ state }) => ({ ...options, state }));
  return { outcome: 'updated' };
}

type Options = ScheduleOptions<
  ScheduleOptionsStartWorkflowAction<(input: LedgerCheckInput) => Promise<LedgerCheck>>
>;

function optionsOf({ everyMs, ...input }: LedgerCheckSchedule): Options {
  return {
    scheduleId: ledgerCheckId,
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: ledgerCheckWorkflowType,
      workflowId: ledgerCheckId,
      taskQueue: taskQueues.workflows,
      args: [input],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchupMs },
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
