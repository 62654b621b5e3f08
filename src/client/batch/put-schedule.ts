import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { taskQueues } from '../../contract/task-queues.ts';

export interface PutSchedule {
  outcome: 'created' | 'updated';
}

/** A workflow that runs once at a time, under an id of its own in the namespace. */
export interface RepeatedWorkflow {
  id: string;
  workflowType: string;
  input: object;
  /** Milliseconds between two firings. */
  everyMs: number;
}

/** A firing that was missed is made up for by the next one. */
const catchupMs = 60_000;

/** Creates a schedule, or changes the one that has this id; whether it is paused stays as it is. */
export async function putSchedule(
  client: Client,
  options: ScheduleOptions<ScheduleOptionsStartWorkflowAction<Workflow>>,
): Promise<PutSchedule> {
  try {
    await client.schedule.create(options);
    return { outcome: 'created' };
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  await client.schedule
    .getHandle(options.scheduleId)
    .update(({ state }) => ({ ...options, state }));
  return { outcome: 'updated' };
}

/** The same for a workflow whose schedule has its id. */
export function putRepeated(
  client: Client,
  { id, workflowType, input, everyMs }: RepeatedWorkflow,
): Promise<PutSchedule> {
  return putSchedule(client, {
    scheduleId: id,
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: id,
      taskQueue: taskQueues.workflows,
      args: [input],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchupMs },
  });
}

/** No more firings; what is under way goes on. */
export async function deleteSchedule(
  client: Client,
  id: string,
): Promise<{ outcome: 'deleted' | 'not_there' }> {
  try {
    await client.schedule.getHandle(id).delete();
    return { outcome: 'deleted' };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return { outcome: 'not_there' };
    throw error;
  }
}
