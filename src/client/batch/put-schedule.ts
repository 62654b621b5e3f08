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

/** Result of {@link putSchedule}. */
export interface PutSchedule {
  outcome: 'created' | 'updated';
}

/** A workflow on a schedule, with at most one open run. `id` is both its workflow id and its schedule id. */
export interface RepeatedWorkflow {
  id: string;
  workflowType: string;
  input: object;
  /** Milliseconds between two firings. */
  everyMs: number;
}

/** Short, because the next firing does the same work. */
const catchupMs = 60_000;

/** Creates a schedule, or updates the one with this id. An update keeps the paused state. */
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

/** As {@link putSchedule}, for a {@link RepeatedWorkflow}. */
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

/** Deletes a schedule. An open run continues. */
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
