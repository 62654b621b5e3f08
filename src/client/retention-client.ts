import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import { retentionId, retentionWorkflowType, type RetentionInput } from '../contract/retention.ts';
import { deleteSchedule, putRepeated } from './batch/put-schedule.ts';

/** Prunes old videos on a schedule. A namespace has one such schedule. */
export interface RetentionClient {
  /** Creates or updates the schedule. An update keeps the paused state. */
  create(retention: RetentionSchedule): Promise<{ outcome: 'created' | 'updated' }>;
  /** The rule of the schedule; null if there is none, or it is paused. */
  rule(): Promise<RetentionInput | null>;
  /** Deletes the schedule. An open run continues. */
  delete(): Promise<{ outcome: 'deleted' | 'not_there' }>;
}

/** Which videos are pruned, and how often. */
export interface RetentionSchedule extends RetentionInput {
  /** Milliseconds between two firings. */
  everyMs: number;
}

/** Implements {@link RetentionClient} on Temporal's client. */
export function createRetentionClient(client: Client): RetentionClient {
  return {
    create: ({ everyMs, ...input }) =>
      putRepeated(client, {
        id: retentionId,
        workflowType: retentionWorkflowType,
        input,
        everyMs,
      }),
    rule: () => readRule(client),
    delete: () => deleteSchedule(client, retentionId),
  };
}

async function readRule(client: Client): Promise<RetentionInput | null> {
  try {
    const { action, state } = await client.schedule.getHandle(retentionId).describe();
    const [rule] = (action.type === 'startWorkflow' && action.args) || [];
    return state.paused || rule === undefined ? null : (rule as RetentionInput);
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
