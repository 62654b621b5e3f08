import { Context } from '@temporalio/activity';
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
    const { heartbeat } = Context.current();
    await events.removeOld(heartbeat);
    return storage.sweep({ untouchedMs: abandonedAfterMs });
  };
}
