import { abandonedAfterMs, type RetentionActivities } from '../../contract/retention.ts';
import type { WebhookEvents } from '../../storage/records/webhook-events.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Removes leftovers of killed workers that nobody has resumed, and old events of webhooks. */
export function createSweepStorage({
  storage,
  events,
}: {
  storage: Pick<VideoStorage, 'sweep'>;
  events: Pick<WebhookEvents, 'removeOld'>;
}): RetentionActivities['sweepStorage'] {
  return async () => {
    await events.removeOld();
    return storage.sweep({ untouchedMs: abandonedAfterMs });
  };
}
