import type { BatchActivities } from '../contract/batch.ts';
import type { VideoRuns } from './video-runs.ts';

/** Tells each video that nobody waits for it any more. Doing it again changes nothing. */
export function createKeepRows({ runs }: { runs: VideoRuns }): BatchActivities['keepRows'] {
  return async ({ videoIds }) => {
    await Promise.all(videoIds.map((videoId) => runs.keep(videoId)));
  };
}
