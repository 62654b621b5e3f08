import { CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { VideoActivities } from '../contract/activities.ts';
import { closeOptions } from './activity-options.ts';

export interface UnansweredSubmit {
  claimKey: string;
  /** The storage that would hold its claim, where the grant of the submit says it. */
  storageId?: string | undefined;
  /** Another spelling of the key, under which an earlier version may have made the claim. */
  spelledId?: string | undefined;
}

/**
 * Closes the claim key of a submit that no worker answered for: true where it had made no claim, so nothing was sent and
 * nothing will be. Undefined where no worker could tell in time. Also when the run is cancelled.
 */
export async function closeUnsent(
  { claimKey, storageId, spelledId }: UnansweredSubmit,
  within: string,
): Promise<boolean | undefined> {
  const { consideredCancelled } = CancellationScope.current();
  const activities = proxyActivities<VideoActivities>({
    ...closeOptions,
    scheduleToCloseTimeout: within,
    summary: 'no claim, no POST',
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
