import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, type Client } from '@temporalio/client';
import type { VideoStatus } from '../contract/messages.ts';
import { outcomeOfClosed, type ClosedOutcome } from '../runs/closed-outcome.ts';
import { fromIndex } from '../runs/run-index.ts';
import { describeVideo } from './describe-video.ts';
import { closedStatus, openStatus, queryStatus } from './read-status.ts';
import type { VideoOutcome, VideoSnapshot } from './video-client.ts';

/** Those who wait for one video; it is over when nobody waits any more. */
export interface Watch {
  waiters: Set<Watcher>;
  /** The next look must not wait. */
  wake(): void;
}

export interface Watcher extends WatcherWishes {
  resolve(outcome: VideoOutcome): void;
  reject(error: unknown): void;
}

export interface WatcherWishes {
  /** Wants to see what only the run itself can say, which wakes a worker. */
  isDetailed: boolean;
  intervalMs: number;
  /** Its limit, milliseconds since the epoch. */
  until: number;
  /** Ends the wait with an outcome. */
  see(look: Look): VideoOutcome | null;
}

export interface Look {
  status: VideoSnapshot;
  closed?: ClosedOutcome;
  /** The look began after the limit of this waiter. */
  isLast: boolean;
}

/** Looks at a video until nobody waits any more. A long poll tells its end at once, so that looks may be rare. */
export async function watchVideo(client: Client, videoId: string, watch: Watch): Promise<void> {
  const listening = new AbortController();
  const look = createLook(client, videoId);
  const { signal } = listening;
  const listen = createEndListener(client, { videoId, signal, onEnd: () => watch.wake() });
  try {
    // All who come at once share the first look.
    await Promise.resolve();
    while (watch.waiters.size > 0) {
      const pause = new AbortController();
      watch.wake = () => pause.abort();
      const waiters = [...watch.waiters];
      const late = new Set(waiters.filter(({ until }) => until <= Date.now()));
      const seen = await look(late.size > 0 || waiters.some(({ isDetailed }) => isDetailed));
      for (const waiter of waiters)
        show(watch, { waiter, look: { ...seen, isLast: late.has(waiter) } });
      if (watch.waiters.size === 0) return;
      void listen();
      await sleep(pauseMs(watch), undefined, { signal: pause.signal }).catch(() => undefined);
    }
  } finally {
    listening.abort();
  }
}

function show({ waiters }: Watch, { waiter, look }: { waiter: Watcher; look: Look }): void {
  if (!waiters.has(waiter)) return;
  try {
    const outcome = waiter.see(look);
    if (!outcome) return;
    waiter.resolve(outcome);
  } catch (error) {
    waiter.reject(error);
  }
  waiters.delete(waiter);
}

function pauseMs({ waiters }: Watch): number {
  const now = Date.now();
  const waits = Array.from(waiters, ({ intervalMs, until }) => Math.min(intervalMs, until - now));
  return Math.max(0, Math.min(...waits));
}

/** The index tells the phase without a worker; the run is queried where more is wanted, and only when it has gone on. */
function createLook(client: Client, videoId: string) {
  let asked: { at: string; live: VideoStatus } | undefined;
  return async (isDetailed: boolean): Promise<Omit<Look, 'isLast'>> => {
    const found = await describeVideo(client, videoId);
    if (found.closeTime !== undefined) {
      const closed = await outcomeOfClosed(client, found);
      return { status: closedStatus(found, closed), closed };
    }
    const index = fromIndex(found);
    const endsWaits = index.phase === 'overdue' || index.phase === 'unresolved';
    if (!isDetailed && !endsWaits) return { status: { ...index, live: false } };
    const at = `${found.runId}/${found.historyLength}`;
    const live = asked?.at === at ? asked.live : await queryStatus(client, videoId);
    asked = live ? { at, live } : undefined;
    return { status: await openStatus(client, found, live) };
  };
}

/** Listens for the end of the newest run and of those that continue it; a call while it listens changes nothing. */
function createEndListener(
  client: Client,
  { videoId, signal, onEnd }: { videoId: string; signal: AbortSignal; onEnd: () => void },
): () => Promise<void> {
  let isListening = false;
  return async () => {
    if (isListening) return;
    isListening = true;
    try {
      await client.withAbortSignal(signal, () => client.workflow.getHandle(videoId).result());
    } catch (error) {
      // A poll that broke off begins again after the next look, which fails where no server can be reached.
      if (error instanceof ServiceError) return;
    } finally {
      isListening = false;
    }
    onEnd();
  };
}
