import type { Client } from '@temporalio/client';
import { retentionId, retentionWorkflowType, type RetentionInput } from '../contract/retention.ts';
import { deleteSchedule, putRepeated } from './batch/put-schedule.ts';

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

export function createRetentionClient(client: Client): RetentionClient {
  return {
    create: ({ everyMs, ...input }) =>
      putRepeated(client, {
        id: retentionId,
        workflowType: retentionWorkflowType,
        input,
        everyMs,
      }),
    delete: () => deleteSchedule(client, retentionId),
  };
}
