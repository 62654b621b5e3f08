import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, type Client } from '@temporalio/client';
import type { ReadVideo, StatusReader } from './status-reader.ts';
import type { VideoOutcome } from './video-client.ts';

/** Temporal's client, and the reader of statuses that all watches of it share. */
export interface WatchPorts {
  client: Client;
  read: StatusReader;
}

/** All waits for one video on one client. It ends with its last waiter. */
export interface Watch {
  waiters: Set<Watcher>;
  /** Starts the next read of the status now. */
  wake(): void;
}

/** One call of `wait`. */
export interface Watcher extends WatcherWishes {
  /** Ends the wait with an outcome. */
  resolve(outcome: VideoOutcome): void;
  /** Ends the wait with an error. */
  reject(error: unknown): void;
}

/** Options of one call of `wait`. */
export interface WatcherWishes {
  /** Needs the fields that only a query of the run has. A query needs a worker. */
  isDetailed: boolean;
  intervalMs: number;
  /** Deadline, milliseconds since the epoch. */
  until: number;
  /** Receives a status. Returns the outcome that ends the wait, else null. */
  see(look: Look): VideoOutcome | null;
}

/** One read of the status. */
export interface Look extends Pick<ReadVideo, 'status' | 'closed'> {
  /** The read began after the deadline of this waiter. */
  isLast: boolean;
}

/** Reads the status of a video until the last waiter has left. A long poll reports its end, so reads can be rare. */
export async function watchVideo(
  { client, read }: WatchPorts,
  videoId: string,
  watch: Watch,
): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  // Each long poll of the SDK adds a listener, which stays until the wait ends; Node warns from the eleventh on.
  setMaxListeners(0, signal);
  const listen = createEndListener(client, { videoId, signal, onEnd: () => watch.wake() });
  try {
    // Waiters that join in the same tick share the first read.
    await Promise.resolve();
    while (watch.waiters.size > 0) {
      const pause = new AbortController();
      watch.wake = () => pause.abort();
      const waiters = [...watch.waiters];
      const late = new Set(waiters.filter(({ until }) => until <= Date.now()));
      const isDetailed = late.size > 0 || waiters.some((waiter) => waiter.isDetailed);
      const { status, closed } = await read(videoId, { isDetailed });
      const seen = { status, ...(closed && { closed }) };
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

/** Long-polls for the end of the newest run and its continuations. A call while a poll is open does nothing. */
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
      // An interrupted poll starts again after the next read, which fails if the server is unreachable.
      if (error instanceof ServiceError) return;
    } finally {
      isListening = false;
    }
    onEnd();
  };
}
