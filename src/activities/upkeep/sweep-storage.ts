import { Context } from '@temporalio/activity';
import { abandonedAfterMs, type RetentionActivities } from '../../contract/retention.ts';
import { removeOldTimings } from '../../storage/records/job-timings.ts';
import type { WebhookEvents } from '../../storage/records/webhook-events.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Removes leftovers of killed workers that were not resumed, old events of webhooks, and old durations of jobs. */
export function createSweepStorage({
  storage,
  events,
}: {
  storage: Pick<VideoStorage, 'sweep' | 'list' | 'remove'>;
  events: Pick<WebhookEvents, 'removeOld'>;
}): RetentionActivities['sweepStorage'] {
  return async () => {
    const { heartbeat } = Context.current();
    await events.removeOld(heartbeat);
    await removeOldTimings({ storage }, heartbeat);
    return storage.sweep({ untouchedMs: abandonedAfterMs });
  };
}
