import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import {
  retentionId,
  retentionWorkflowType,
  type RetentionInput,
  type RetentionResult,
} from '../contract/retention.ts';
import { taskQueues } from '../contract/task-queues.ts';

/** The retention of the videos, on one Temporal Schedule per namespace. */
export interface RetentionClient {
  /** Creates the schedule, or changes the one that is there; whether it is paused stays as it is. */
  create(retention: RetentionSchedule): Promise<{ outcome: 'created' | 'updated' }>;
  /** No more removals; one under way goes on. */
  delete(): Promise<{ outcome: 'deleted' | 'not_there' }>;
}

export interface RetentionSchedule extends RetentionInput {
  /** Milliseconds between two firings. */
  everyMs: number;
}

/** A firing that was missed is made up for by the next one. */
const catchupMs = 60_000;

export function createRetentionClient(client: Client): RetentionClient {
  return {
    create: (retention) => createOrUpdate(client, retention),
    delete: async () => {
      try {
        await client.schedule.getHandle(retentionId).delete();
        return { outcome: 'deleted' };
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return { outcome: 'not_there' };
        throw error;
      }
    },
  };
}

async function createOrUpdate(
  client: Client,
  retention: RetentionSchedule,
): Promise<{ outcome: 'created' | 'updated' }> {
  const options = optionsOf(retention);
  try {
    await client.schedule.create(options);
    return { outcome: 'created' };
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  await client.schedule.getHandle(retentionId).update(({ state }) => ({ ...options, state }));
  return { outcome: 'updated' };
}

type Options = ScheduleOptions<
  ScheduleOptionsStartWorkflowAction<(input: RetentionInput) => Promise<RetentionResult>>
>;

function optionsOf({ everyMs, ...input }: RetentionSchedule): Options {
  return {
    scheduleId: retentionId,
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: retentionWorkflowType,
      workflowId: retentionId,
      taskQueue: taskQueues.workflows,
      args: [input],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchupMs },
  };
}
