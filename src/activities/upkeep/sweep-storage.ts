import { abandonedAfterMs, type RetentionActivities } from '../../contract/retention.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Removes what killed workers left behind, and nobody has gone on with since. */
export function createSweepStorage({
  storage,
}: {
  storage: Pick<VideoStorage, 'sweep'>;
}): RetentionActivities['sweepStorage'] {
  return () => storage.sweep({ untouchedMs: abandonedAfterMs });
}
