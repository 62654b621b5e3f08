import { CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { VideoActivities } from '../contract/activities.ts';
import { closeOptions } from './activity-options.ts';

export interface UnansweredSubmit {
  claimKey: string;
  /** The storage that would hold the claim, if the grant of the submit names it. */
  storageId?: string | undefined;
  /** Another spelling of the key, under which an earlier version may have made the claim. */
  spelledId?: string | undefined;
}

/**
 * Closes the claim key of a submit without an answer from a worker. True if the submit had made no claim: nothing was
 * sent, and nothing will be. Undefined if no worker could answer in time. Also runs when the workflow is cancelled.
 */
export async function closeUnsent(
  { claimKey, storageId, spelledId }: UnansweredSubmit,
  within: string,
): Promise<boolean | undefined> {
  const { consideredCancelled } = CancellationScope.current();
  const activities = proxyActivities<VideoActivities>({
    ...closeOptions,
    scheduleToCloseTimeout: within,
    summary: 'close the key of a submit without a claim',
  });
  const given = {
    claimKey,
    ...(storageId !== undefined && { storageId }),
    ...(spelledId !== undefined && { spelledId }),
  };
  try {
    const close = () => activities.closeUnsent(given);
    const closed = consideredCancelled ? CancellationScope.nonCancellable(close) : close();
    return (await closed).unsent;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return undefined;
  }
}
