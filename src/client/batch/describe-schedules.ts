import { ScheduleNotFoundError, type Client, type ScheduleDescription } from '@temporalio/client';
import pLimit from 'p-limit';
import { batchIdPrefix } from '../../contract/batch.ts';

/** Schedules that are described at once. */
const describedAtOnce = 10;

/** All schedules of batches. The index knows which there are; what they missed, only each of them knows. */
export async function describeSchedules(client: Client): Promise<ScheduleDescription[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    if (scheduleId.startsWith(batchIdPrefix)) ids.push(scheduleId);
  }
  const atOnce = pLimit(describedAtOnce);
  const found = await Promise.all(ids.map((id) => atOnce(() => describedOrGone(client, id))));
  return found.filter((description) => description !== null);
}

/** Null where it was deleted since the index was read. */
async function describedOrGone(client: Client, id: string): Promise<ScheduleDescription | null> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** How many firings were made, and how many were not: one before still ran, or the server was down for too long. */
export function firingsOf({ info }: ScheduleDescription) {
  return {
    fired: info.numActionsTaken,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  };
}
