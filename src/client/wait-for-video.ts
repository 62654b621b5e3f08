import { fullVideoId } from './describe-video.ts';
import type { VideoOutcome, WaitOptions } from './video-client.ts';
import type { Look } from './watch-video.ts';
import type { JoinWatch } from './watch-videos.ts';

const shownEveryMs = 1_000;
/** Without `onStatus`, reads only detect that a video is overdue or unresolved. */
const quietEveryMs = 5_000;

/** Implements `VideoClient.wait`. */
export async function waitForVideo(
  join: JoinWatch,
  id: string,
  {
    timeoutMs = Number.POSITIVE_INFINITY,
    onStatus,
    intervalMs,
    signal,
    untilClosed = false,
  }: WaitOptions = {},
): Promise<VideoOutcome> {
  const videoId = fullVideoId(id);
  let shown = '';
  const show = (status: Look['status']) => {
    const text = JSON.stringify(status);
    if (text !== shown) onStatus?.(status);
    shown = text;
  };
  const see = ({ status, closed, isLast }: Look): VideoOutcome | null => {
    show(status);
    if (closed) return closed;
    const { phase } = status;
    const isDecided = status.unresolved?.decided !== undefined;
    const isStuck = phase === 'overdue' || (phase === 'unresolved' && !isDecided);
    if ((!isStuck || untilClosed) && !isLast) return null;
    return { outcome: 'pending', videoId, reason: isStuck ? phase : 'limit', status };
  };
  const wishes = {
    isDetailed: onStatus !== undefined,
    intervalMs: intervalMs ?? (onStatus ? shownEveryMs : quietEveryMs),
    until: Date.now() + timeoutMs,
    see,
  };
  return join(videoId, wishes, signal);
}
