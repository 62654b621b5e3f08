import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type {
  RetentionActivities,
  RetentionInput,
  RetentionResult,
} from '../../contract/retention.ts';
import { retentionOptions } from '../activity-options.ts';

/**
 * Removes abandoned unfinished files, then the videos that were stored longer ago than `olderThanMs`. Claims stay, so
 * the record of what was paid is never lost.
 *
 * A cancellation stops it between two videos.
 */
export async function retentionWorkflow(input: RetentionInput): Promise<RetentionResult> {
  const { olderThanMs, ...filter } = input;
  if (!(olderThanMs > 0)) {
    throw ApplicationFailure.nonRetryable(
      `Cannot use olderThanMs ${JSON.stringify(olderThanMs)}: it must be above 0`,
      'invalid_request',
    );
  }
  const { sweepStorage, removeExpired } = proxyActivities<RetentionActivities>(retentionOptions);
  const swept = await sweepStorage();
  const removed = await removeExpired({ ...filter, beforeMs: Date.now() - olderThanMs });
  return { swept, removed };
}
