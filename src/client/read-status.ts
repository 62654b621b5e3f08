import type { Client } from '@temporalio/client';
import { messageNames, type VideoStatus } from '../contract/messages.ts';
import { askRun } from './ask-run.ts';
import { describeVideo, fromIndex, fullVideoId } from './describe-video.ts';
import { outcomeOfClosed } from './read-outcome.ts';
import type { VideoSnapshot } from './video-client.ts';

/** A worker that is up answers a query at once; a person must not wait for one that is not. */
const queryTimeoutMs = 3_000;

/** The live status, or what history and index know where no worker answers. */
export async function readStatus(client: Client, id: string): Promise<VideoSnapshot> {
  const videoId = fullVideoId(id);
  const found = await describeVideo(client, videoId);
  const index = fromIndex(found);
  if (found.closeTime === undefined) {
    const live = await query(client, videoId);
    return live ? { ...live, videoId, live: true } : { ...index, live: false };
  }
  const outcome = await outcomeOfClosed(client, videoId);
  switch (outcome.outcome) {
    case 'stored':
      return { ...index, ...outcome.result, live: false };
    case 'failed':
      return { ...index, failure: outcome.failure, live: false };
    case 'cancelled':
      return { ...index, cancellation: outcome.cancellation, live: false };
  }
}

async function query(client: Client, videoId: string): Promise<VideoStatus | null> {
  try {
    return await client.withDeadline(Date.now() + queryTimeoutMs, () =>
      askRun<VideoStatus>(client, videoId, messageNames.videoStatus),
    );
  } catch {
    return null;
  }
}
