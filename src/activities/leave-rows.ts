import type { BatchActivities } from '../contract/batch.ts';
import type { VideoRuns } from './video-runs.ts';

/** Leaves a video to the others who wait for it; the last to leave cancels its run. Doing it again changes nothing. */
export function createLeaveRow({ runs }: { runs: VideoRuns }): BatchActivities['leaveRow'] {
  return async ({ videoId, asker }) => {
    const left = await runs.leave(videoId, asker);
    if (left === null) return null;
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
  return async ({ videoIds, asker }) => {
    const keep = async (videoId: string) => {
      const left = asker === undefined ? { others: 0 } : await runs.leave(videoId, asker);
      if (left?.others === 0) await runs.keep(videoId);
    };
    await Promise.all(videoIds.map(keep));
  };
}
