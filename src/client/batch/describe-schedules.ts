import { ScheduleNotFoundError, type Client, type ScheduleDescription } from '@temporalio/client';
import pLimit from 'p-limit';
import { batchIdPrefix } from '../../contract/batch.ts';

/** Concurrent requests to the server. */
const describedAtOnce = 10;

/**
 * Describes all schedules of batches. A list of schedules has no counts of missed firings, so each one is described.
 */
export async function describeSchedules(client: Client): Promise<ScheduleDescription[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    if (scheduleId.startsWith(batchIdPrefix)) ids.push(scheduleId);
  }
  const atOnce = pLimit(describedAtOnce);
  const found = await Promise.all(ids.map((id) => atOnce(() => describedOrGone(client, id))));
  return found.filter((description) => description !== null);
}

/** Null if the schedule was deleted after the list was read. */
async function describedOrGone(client: Client, id: string): Promise<ScheduleDescription | null> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** Numbers of firings that were made, skipped by the overlap policy, or missed by the catchup window. */
export function firingsOf({ info }: ScheduleDescription) {
  return {
    fired: info.numActionsTaken,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  };
}
