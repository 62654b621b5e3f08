import { setTimeout as sleep } from 'node:timers/promises';
import { createLatest, type Latest } from '../../serve/events/latest.ts';

/** Interval between two reads of a page. All its viewers share them. */
const readEveryMs = 2_000;
/** After a read that failed. */
const retryMs = 5_000;

/** Reads pages again and again while somebody looks at them. */
export interface LiveHub<T> {
  /**
   * The values of a page, until the viewer has gone, or the server stops; null if there was none for `heartbeatMs`.
   *
   * @param name Viewers of the same name share the reads of the first one.
   */
  follow(
    name: string,
    options: { read: () => Promise<T>; signal: AbortSignal; heartbeatMs: number },
  ): AsyncIterable<T | null>;
}

interface Shared<T> {
  viewers: Set<Latest<T>>;
  newest?: { value: T };
}

/** Creates a {@link LiveHub}. */
export function createLiveHub<T>({
  closing,
  everyMs = readEveryMs,
}: {
  closing: AbortSignal;
  everyMs?: number;
}): LiveHub<T> {
  const pages = new Map<string, Shared<T>>();
  const run = async (name: string, page: Shared<T>, read: () => Promise<T>) => {
    while (page.viewers.size > 0 && !closing.aborted) {
      const value = await read().catch(() => null);
      if (value !== null) {
        page.newest = { value };
        for (const viewer of page.viewers) viewer.put(value);
      }
      const pauseMs = value === null ? retryMs : everyMs;
      await sleep(pauseMs, undefined, { signal: closing }).catch(() => undefined);
    }
    pages.delete(name);
  };
  return {
    async *follow(name, { read, signal, heartbeatMs }) {
      const latest = createLatest<T>();
      const known = pages.get(name);
      const page = known ?? { viewers: new Set<Latest<T>>() };
      page.viewers.add(latest);
      if (page.newest) latest.put(page.newest.value);
      if (!known) {
        pages.set(name, page);
        void run(name, page, read);
      }
      const end = () => latest.end();
      const over = AbortSignal.any([signal, closing]);
      over.addEventListener('abort', end);
      try {
        while (!over.aborted && !latest.isOver) {
          const value = await latest.next(heartbeatMs);
          if (!over.aborted) yield value;
        }
      } finally {
        over.removeEventListener('abort', end);
        page.viewers.delete(latest);
      }
    },
  };
}
