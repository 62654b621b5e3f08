import { fullVideoId } from './describe-video.ts';
import type { VideoOutcome, WaitOptions } from './video-client.ts';
import type { Look } from './watch-video.ts';
import type { JoinWatch } from './watch-videos.ts';

const shownEveryMs = 1_000;
/** Without `onStatus`, reads only detect that a video is overdue or unresolved. */
const quietEveryMs = 5_000;

/** Whether only a person ends the wait: the submit has an unknown outcome, and no decision about it is under way. */
export function needsDecision({ phase, unresolved }: Look['status']): boolean {
  return phase === 'unresolved' && unresolved?.decided === undefined;
}

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
    const isStuck = phase === 'overdue' || needsDecision(status);
    if ((!isStuck || untilClosed) && !isLast) return null;
    const reason = isStuck ? (phase as 'overdue' | 'unresolved') : 'limit';
    return { outcome: 'pending', videoId, reason, status };
  };
  const wishes = {
    isDetailed: onStatus !== undefined,
    intervalMs: intervalMs ?? (onStatus ? shownEveryMs : quietEveryMs),
    until: Date.now() + timeoutMs,
    see,
  };
  return join(videoId, wishes, signal);
}
