import { Context } from '@temporalio/activity';
import type { BatchActivities, ReadRow } from '../../contract/batch.ts';
import { failures, type VideoFailure } from '../../contract/failure.ts';
import { waiterIn } from '../../contract/waiter.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { videoPending } from '../to-application-failure.ts';
import type { VideoRun, VideoRuns } from './video-runs.ts';

/** Delay between two reads of a video that another run generates. */
const look = { firstMs: 2_000, lastMs: 60_000 };

/**
 * Reads the outcome of a video. With `wait`, it fails with `VideoPending` until the video has an outcome, or a phase
 * other than `seen`. With `waiterId`, an open run also adds it to its waiters.
 */
export function createReadRow({
  runs,
  storage,
}: {
  runs: VideoRuns;
  storage: VideoStorage;
}): BatchActivities['readRow'] {
  return async ({ videoId, requestDigest, wait, seen, ...waiter }) => {
    const waiterId = waiterIn(waiter);
    const run = await runs.read(videoId);
    if (run === null) return { state: 'removed' };
    if (run.requestDigest !== undefined && run.requestDigest !== requestDigest) {
      return failed(keyConflict(videoId));
    }
    if (run.state === 'open' && wait && (seen ?? run.phase) === run.phase) {
      throw videoPending('still under way', delayMs());
    }
    if (run.state === 'open' && waiterId !== undefined && !(await runs.join(videoId, waiterId))) {
      throw videoPending('it has just ended', delayMs());
    }
    return answer(run, storage);
  };
}

async function answer(run: VideoRun, storage: VideoStorage): Promise<ReadRow> {
  switch (run.state) {
    case 'open': {
      const { phase, billed, jobId } = run;
      return { state: 'open', phase, billed, ...(jobId !== undefined && { jobId }) };
    }
    case 'failed':
      return failed(run.failure);
    case 'cancelled': {
      const { billed, jobId } = run;
      return { state: 'cancelled', billed, ...(jobId !== undefined && { jobId }) };
    }
    case 'stored': {
      const { video, jobId, billed } = run.result;
      if ((await storage.head(video.key)) === null) return { state: 'removed' };
      const { key, uri, sha256, sizeBytes, durationSeconds } = video;
      const facts = { key, uri, sha256, sizeBytes, durationSeconds };
      return { state: 'stored', billed, jobId, video: facts };
    }
  }
}

function failed(failure: VideoFailure): ReadRow {
  const { billed, jobId } = failure;
  return { state: 'failed', billed, failure, ...(jobId !== undefined && { jobId }) };
}

function keyConflict(videoId: string): VideoFailure {
  const kind = 'key_conflict';
  const message = `"${videoId}" was or may have been paid for another request: give the row another key, or the batch another name`;
  return { kind, billed: failures[kind].billed, message };
}

function delayMs(): number {
  return Math.min(look.firstMs * Context.current().info.attempt, look.lastMs);
}
