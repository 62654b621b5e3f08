import type { Client } from '@temporalio/client';
import { messageNames, type RetriedStep, type VideoStatus } from '../contract/messages.ts';
import { askRun } from './ask-run.ts';
import { describeVideo, fromIndex, fullVideoId } from './describe-video.ts';
import { outcomeOfClosed } from './read-outcome.ts';
import { readRetry } from './read-retry.ts';
import type { VideoSnapshot } from './video-client.ts';

/** A worker that is up answers a query at once; a person must not wait for one that is not. */
const queryTimeoutMs = 3_000;

/** The live status, or what history and index know where no worker answers. */
export async function readStatus(client: Client, id: string): Promise<VideoSnapshot> {
  const videoId = fullVideoId(id);
  const found = await describeVideo(client, videoId);
  const index = fromIndex(found);
  if (found.closeTime === undefined) {
    const [live, retrying] = await Promise.all([query(client, videoId), readRetry(client, found)]);
    const status = live
      ? { ...live, videoId, live: true as const }
      : { ...index, live: false as const };
    return retrying ? withRetry(status, retrying) : status;
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

/** A step that is tried again says nothing about the bill of the job. */
function withRetry(status: VideoSnapshot, retrying: RetriedStep): VideoSnapshot {
  const failure = { ...retrying.failure, billed: status.billed };
  return { ...status, retrying: { ...retrying, failure } };
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
