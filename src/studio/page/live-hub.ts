import { setTimeout as sleep } from 'node:timers/promises';
import { createLatest, type Latest } from '../../serve/events/latest.ts';

/** After a read that failed. */
const usualRetryMs = 5_000;

/** What a viewer hears of a page: its value, or why there is none. After `ended` and `gone` there is nothing more. */
export type LiveNews<T> =
  | { state: 'open' | 'ended'; value: T }
  | { state: 'problem' }
  | { state: 'gone' };

/** How a page is read. */
export interface LiveReads<T> {
  read: () => Promise<T>;
  /** Milliseconds until the next read; null if the page cannot change any more. */
  pauseOf: (value: T) => number | null;
  /** Whether the error says that there is no such page. */
  isGone: (error: unknown) => boolean;
  /** Called once for all reads that fail in a row. */
  onProblem: (error: unknown) => void;
}

/** Who looks at a page. */
export interface Viewer {
  signal: AbortSignal;
  /** Values that were read before are not for this viewer, who has a newer page. Milliseconds since the epoch. */
  sinceMs: number;
  heartbeatMs: number;
}

/** Reads pages again and again while somebody looks at them. */
export interface LiveHub<T> {
  /**
   * The news of a page, until the viewer has gone, or the server stops; null if there was none for `heartbeatMs`.
   *
   * @param name Viewers of the same name share the reads of the first one.
   */
  follow(name: string, reads: LiveReads<T>, viewer: Viewer): AsyncIterable<LiveNews<T> | null>;
}

interface Heard<T> {
  news: LiveNews<T>;
  readAtMs: number;
}

interface Shared<T> {
  viewers: Map<Latest<LiveNews<T>>, Viewer>;
  newest?: Heard<T>;
}

/** Creates a {@link LiveHub}. @param now Milliseconds since the epoch. */
export function createLiveHub<T>({
  closing,
  now,
  retryMs = usualRetryMs,
}: {
  closing: AbortSignal;
  now: () => number;
  retryMs?: number;
}): LiveHub<T> {
  const pages = new Map<string, Shared<T>>();
  const run = async (name: string, page: Shared<T>, reads: LiveReads<T>) => {
    while (page.viewers.size > 0 && !closing.aborted) {
      const readAtMs = now();
      const { news, pauseMs = retryMs } = await readNews(reads, page.newest?.news);
      tell(page, { news, readAtMs }, pauseMs === null);
      if (pauseMs === null) break;
      await sleep(pauseMs, undefined, { signal: closing }).catch(() => undefined);
    }
    pages.delete(name);
  };
  return {
    async *follow(name, reads, viewer) {
      const latest = createLatest<LiveNews<T>>();
      const known = pages.get(name);
      const page = known ?? { viewers: new Map<Latest<LiveNews<T>>, Viewer>() };
      page.viewers.set(latest, viewer);
      const { newest } = page;
      if (newest && isFor(newest, viewer.sinceMs)) latest.put(newest.news);
      if (!known) {
        pages.set(name, page);
        void run(name, page, reads);
      }
      const end = () => latest.end();
      const over = AbortSignal.any([viewer.signal, closing]);
      over.addEventListener('abort', end);
      try {
        while (!over.aborted && !latest.isOver) {
          const news = await latest.next(viewer.heartbeatMs);
          if (!over.aborted) yield news;
        }
      } finally {
        over.removeEventListener('abort', end);
        page.viewers.delete(latest);
      }
    },
  };
}

function tell<T>(page: Shared<T>, heard: Heard<T>, isLast: boolean): void {
  page.newest = heard;
  for (const [latest, { sinceMs }] of page.viewers) {
    if (isFor(heard, sinceMs)) latest.put(heard.news);
    if (isLast) latest.end();
  }
}

/** The page of a viewer is never replaced by an older one. */
function isFor<T>({ news, readAtMs }: Heard<T>, sinceMs: number): boolean {
  return !('value' in news) || readAtMs >= sinceMs;
}

async function readNews<T>(
  { read, pauseOf, isGone, onProblem }: LiveReads<T>,
  before: LiveNews<T> | undefined,
): Promise<{ news: LiveNews<T>; pauseMs?: number | null }> {
  try {
    const value = await read();
    const pauseMs = pauseOf(value);
    return { news: { state: pauseMs === null ? 'ended' : 'open', value }, pauseMs };
  } catch (error) {
    if (isGone(error)) return { news: { state: 'gone' }, pauseMs: null };
    if (before?.state !== 'problem') onProblem(error);
    return { news: { state: 'problem' } };
  }
}
