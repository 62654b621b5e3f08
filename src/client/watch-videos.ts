import { isGrpcCancelledError, isGrpcDeadlineError } from '@temporalio/client';
import type { VideoOutcome } from './video-client.ts';
import {
  watchVideo,
  type Watch,
  type Watcher,
  type WatcherWishes,
  type WatchPorts,
} from './watch-video.ts';

/** Waits for a video. All waits for one video on one client share one watch. */
export type JoinWatch = (
  videoId: string,
  wishes: WatcherWishes,
  signal?: AbortSignal,
) => Promise<VideoOutcome>;

/** The watch ended with the gRPC deadline or cancellation of another waiter. */
const interrupted = new Error('The watch of another waiter has ended');

/** Creates the watches of one client. */
export function createWatches(ports: WatchPorts): JoinWatch {
  const watches = new Map<string, Watch>();
  const join = (videoId: string, waiter: Watcher): Watch => {
    const open = watches.get(videoId);
    // A watch without waiters is over.
    const watch = open?.waiters.size ? open : { waiters: new Set<Watcher>(), wake: () => {} };
    watch.waiters.add(waiter);
    watch.wake();
    if (watch !== open) {
      watches.set(videoId, watch);
      void begin(ports, { videoId, watch, first: waiter });
    }
    return watch;
  };
  const leave = (videoId: string, { waiter, watch }: { waiter: Watcher; watch: Watch }) => {
    watch.waiters.delete(waiter);
    if (watch.waiters.size > 0) return;
    watch.wake();
    if (watches.get(videoId) === watch) watches.delete(videoId);
  };
  return async (videoId, wishes, signal) => {
    for (;;) {
      if (signal?.aborted) throw abandoned(signal);
      const { waiter, end, abandon } = createWatcher(wishes, signal);
      const watch = join(videoId, waiter);
      try {
        return await end;
      } catch (error) {
        if (error !== interrupted) throw error;
      } finally {
        signal?.removeEventListener('abort', abandon);
        leave(videoId, { waiter, watch });
      }
    }
  };
}

/**
 * Runs a watch. An error ends all its waits, unless it is a gRPC deadline that the first waiter set for its own calls.
 */
async function begin(
  ports: WatchPorts,
  { videoId, watch, first }: { videoId: string; watch: Watch; first: Watcher },
): Promise<void> {
  try {
    await watchVideo(ports, videoId, watch);
  } catch (error) {
    const isOfFirst = isGrpcDeadlineError(error) || isGrpcCancelledError(error);
    const waiters = [...watch.waiters];
    watch.waiters.clear();
    for (const waiter of waiters) {
      waiter.reject(isOfFirst && waiter !== first ? interrupted : error);
    }
  }
}

function createWatcher(wishes: WatcherWishes, signal?: AbortSignal) {
  const settle: Pick<Watcher, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
  const end = new Promise<VideoOutcome>((resolve, reject) => {
    Object.assign(settle, { resolve, reject });
  });
  const abandon = () => settle.reject(abandoned(signal));
  signal?.addEventListener('abort', abandon);
  return { waiter: { ...wishes, ...settle }, end, abandon };
}

/** The same error that Node's own functions reject with on abort. */
function abandoned(signal?: AbortSignal): Error {
  const error = new Error('The wait was abandoned', { cause: signal?.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}
