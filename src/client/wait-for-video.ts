import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { fullVideoId } from './describe-video.ts';
import { outcomeOfClosed } from './read-outcome.ts';
import { readStatus } from './read-status.ts';
import type { VideoOutcome, WaitOptions } from './video-client.ts';

const defaultIntervalMs = 1_000;

export async function waitForVideo(
  client: Client,
  id: string,
  { timeoutMs, onStatus, intervalMs = defaultIntervalMs, signal }: WaitOptions = {},
): Promise<VideoOutcome> {
  const videoId = fullVideoId(id);
  const until = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  for (let shown = ''; ;) {
    const status = await readStatus(client, videoId);
    const text = JSON.stringify(status);
    if (text !== shown) onStatus?.(status);
    shown = text;
    const { phase } = status;
    if (phase === 'stored' || phase === 'failed' || phase === 'cancelled') {
      return outcomeOfClosed(client, videoId);
    }
    if (phase === 'overdue' || phase === 'unresolved') {
      return { outcome: 'pending', videoId, reason: phase, status };
    }
    const leftMs = until - Date.now();
    if (leftMs <= 0) return { outcome: 'pending', videoId, reason: 'limit', status };
    await sleep(Math.min(intervalMs, leftMs), undefined, { ...(signal && { signal }) });
  }
}
