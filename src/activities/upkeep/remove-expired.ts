import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { FileTotal, RetentionActivities } from '../../contract/retention.ts';
import { listExpired, removeKept } from '../../storage/records/expired-videos.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Heartbeats continue while nothing is removed: the response carries a cancellation. */
const heartbeatEveryMs = 5_000;

const totalSchema = z.object({ count: z.number(), sizeBytes: z.number() });

/** Removes expired videos one by one. The count includes earlier attempts as far as their heartbeats reported it. */
export function createRemoveExpired({
  storage,
}: {
  storage: VideoStorage;
}): RetentionActivities['removeExpired'] {
  return async (rule) => {
    const { cancellationSignal, cancelled, heartbeat } = Context.current();
    const removed = earlierTotal();
    const beat = setInterval(() => heartbeat(removed), heartbeatEveryMs);
    try {
      for await (const video of listExpired(storage, rule)) {
        if (cancellationSignal.aborted) return await cancelled;
        if (!(await removeKept(storage, video)) || video.sizeBytes === null) continue;
        removed.count += 1;
        removed.sizeBytes += video.sizeBytes;
        heartbeat(removed);
      }
      return removed;
    } finally {
      clearInterval(beat);
    }
  };
}

function earlierTotal(): FileTotal {
  const told = totalSchema.safeParse(Context.current().info.heartbeatDetails);
  return told.success ? told.data : { count: 0, sizeBytes: 0 };
}
