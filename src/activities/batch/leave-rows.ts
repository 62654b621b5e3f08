import type { BatchActivities } from '../../contract/batch.ts';
import { waiterIn } from '../../contract/waiter.ts';
import type { VideoRuns } from './video-runs.ts';

/**
 * Stops waiting for a video. If others wait for it, it continues for them. If this was the last waiter, the run is
 * cancelled and the answer is null: the run reports its own end, which may be the video of somebody who joined at that
 * moment. Idempotent.
 */
export function createLeaveRow({ runs }: { runs: VideoRuns }): BatchActivities['leaveRow'] {
  return async ({ videoId, ...waiter }) => {
    const waiterId = waiterIn(waiter) ?? '';
    const left = await runs.leave({ videoId, waiterId, cancelIf: 'last' });
    if (left === null || left.cancelling) return null;
    if (left.wasWaiting && left.others === 0) {
      await runs.cancel(videoId);
      return null;
    }
    const { jobId } = left;
    // The video may still be paid for the other waiters, in the name of this batch.
    const billed = left.billed === 'no' ? 'maybe' : left.billed;
    return { state: 'cancelled', billed, ...(jobId !== undefined && { jobId }) };
  };
}

/**
 * Stops waiting for videos. A video without other waiters is stored if it is paid for, and cancelled if nothing was
 * spent. Idempotent.
 */
export function createKeepRows({ runs }: { runs: VideoRuns }): BatchActivities['keepRows'] {
  return async ({ videoIds, ...waiter }) => {
    const waiterId = waiterIn(waiter);
    const keep = async (videoId: string) => {
      const left = waiterId === undefined ? { others: 0 } : await runs.leave({ videoId, waiterId });
      if (left?.others !== 0 || (await runs.keep(videoId))) return;
      if (!(await stopIfNobodyWaits(runs, { videoId, waiterId }))) await runs.cancel(videoId);
    };
    await Promise.all(videoIds.map(keep));
  };
}

/** False if the run must be cancelled from outside: it belongs to an older worker, or the batch never left it. */
async function stopIfNobodyWaits(
  runs: VideoRuns,
  { videoId, waiterId }: { videoId: string; waiterId: string | undefined },
): Promise<boolean> {
  if (waiterId === undefined) return false;
  const left = await runs.leave({ videoId, waiterId, cancelIf: 'nobody_waits' });
  return left === null || left.others > 0 || left.cancelling === true;
}
