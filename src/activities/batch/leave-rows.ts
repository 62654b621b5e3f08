import type { BatchActivities } from '../../contract/batch.ts';
import { waiterIn } from '../../contract/waiter.ts';
import type { VideoRuns } from './video-runs.ts';

/**
 * Leaves a video to the others who wait for it; where the last one leaves, the run is cancelled. Null then, since it tells
 * its own end, which may be that of another who joined at that moment. Doing it again changes nothing.
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
    // What the others wait for may be paid yet, in the name of this batch.
    const billed = left.billed === 'no' ? 'maybe' : left.billed;
    return { state: 'cancelled', billed, ...(jobId !== undefined && { jobId }) };
  };
}

/** Leaves videos to the others who wait for them, and has the rest kept. Doing it again changes nothing. */
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

/** False where the run has to be cancelled from outside: it is one of an older worker, or the batch never left it. */
async function stopIfNobodyWaits(
  runs: VideoRuns,
  { videoId, waiterId }: { videoId: string; waiterId: string | undefined },
): Promise<boolean> {
  if (waiterId === undefined) return false;
  const left = await runs.leave({ videoId, waiterId, cancelIf: 'nobody_waits' });
  return left === null || left.others > 0 || left.cancelling === true;
}
