import type { Client } from '@temporalio/client';
import type { VideoStatus } from '../contract/messages.ts';
import { outcomeOfClosed, type ClosedOutcome } from '../runs/closed-outcome.ts';
import { fromIndex } from '../runs/run-index.ts';
import { describeVideo, fullVideoId, type DescribedVideo } from './describe-video.ts';
import { closedStatus, openStatus, queryStatus } from './read-status.ts';
import type { VideoSnapshot } from './video-client.ts';

/** Number of videos whose last answer is kept. */
const keptVideos = 1_000;

/** One read of a video. */
export interface ReadVideo {
  found: DescribedVideo;
  status: VideoSnapshot;
  /** How the run ended; absent while it is open. */
  closed?: ClosedOutcome;
}

/** Options of a read. */
export interface ReadOptions {
  /** Needs the fields that only a query of the run has. A query needs a worker. */
  isDetailed: boolean;
}

/** Reads the status of a video: one description, and a query only if the history has grown since the last one. */
export type StatusReader = (videoId: string, options: ReadOptions) => Promise<ReadVideo>;

/** What was last known of a video, and for which state of its history. */
interface Known {
  at: string;
  live?: Promise<VideoStatus | null>;
  closed?: Promise<ClosedOutcome>;
}

/** Creates the reader of one client. Concurrent reads of one video share a query. */
export function createStatusReader(client: Client): StatusReader {
  const kept = new Map<string, Known>();
  const knownOf = (found: DescribedVideo): Known => {
    const { workflowId, runId, historyLength } = found;
    const at = `${runId}/${historyLength}`;
    const before = kept.get(workflowId);
    kept.delete(workflowId);
    const known = before?.at === at ? before : { at };
    kept.set(workflowId, known);
    const [oldest] = kept.keys();
    if (kept.size > keptVideos && oldest !== undefined) kept.delete(oldest);
    return known;
  };
  return async (videoId, { isDetailed }) => {
    const found = await describeVideo(client, videoId);
    if (found.closeTime !== undefined) {
      const closed = await closedOnce(client, found, knownOf(found));
      return { found, status: closedStatus(found, closed), closed };
    }
    const index = fromIndex(found);
    const endsWaits = index.phase === 'overdue' || index.phase === 'unresolved';
    if (!isDetailed && !endsWaits) return { found, status: { ...index, live: false } };
    const known = knownOf(found);
    const live = await (known.live ??= queryStatus(client, videoId));
    if (live === null) delete known.live;
    return { found, status: await openStatus(client, found, live) };
  };
}

/** The end of a run does not change. An error is not kept. */
function closedOnce(client: Client, found: DescribedVideo, known: Known): Promise<ClosedOutcome> {
  known.closed ??= outcomeOfClosed(client, found).catch((error: unknown) => {
    delete known.closed;
    throw error;
  });
  return known.closed;
}

/** One detailed read, with nothing kept. */
export async function readVideoStatus(client: Client, id: string): Promise<VideoSnapshot> {
  const { status } = await createStatusReader(client)(fullVideoId(id), { isDetailed: true });
  return status;
}
