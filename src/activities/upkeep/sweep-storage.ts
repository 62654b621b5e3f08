import { abandonedAfterMs, type RetentionActivities } from '../../contract/retention.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Removes leftovers of killed workers that nobody has resumed. */
export function createSweepStorage({
  storage,
}: {
  storage: Pick<VideoStorage, 'sweep'>;
}): RetentionActivities['sweepStorage'] {
  return () => storage.sweep({ untouchedMs: abandonedAfterMs });
}
