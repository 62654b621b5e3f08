/** A slot that is kept for a called video until the video sends its request. */
export interface Call {
  videoId: string;
  sinceMs: number;
}

/**
 * Time for busy or restarting workers. Afterwards the slot goes to the next video; a late video is queued again,
 * before all videos that have waited for a shorter time.
 */
export const callMs = 300_000;

/** The videos that should request admission again. */
export interface Calls {
  /** Keeps a slot for the video and has it signalled. */
  call(videoId: string, nowMs: number): void;
  /** Has the video signalled without a slot: it may be waiting in vain, because its cap is full. */
  hint(videoId: string): void;
  has(videoId: string): boolean;
  /** The video has requested, or never will. True if a slot was kept for it. */
  end(videoId: string): boolean;
  /** Drops calls that were not answered in time. */
  expire(nowMs: number): void;
  /** Number of kept slots. */
  count(): number;
  /** Videos to signal now, at most `most`; each is returned once. */
  take(most: number): string[];
  /** Whether a video still has to be signalled. */
  areDue(): boolean;
  all(): Call[];
}

export function openCalls(state: readonly Call[]): Calls {
  const calls = new Map(state.map((call) => [call.videoId, call]));
  const due = new Set<string>();
  return {
    call: (videoId, nowMs) => {
      calls.set(videoId, { videoId, sinceMs: nowMs });
      due.add(videoId);
    },
    hint: (videoId) => void due.add(videoId),
    has: (videoId) => calls.has(videoId),
    end: (videoId) => {
      due.delete(videoId);
      return calls.delete(videoId);
    },
    expire: (nowMs) => {
      for (const { videoId, sinceMs } of calls.values()) {
        if (sinceMs + callMs > nowMs) continue;
        due.delete(videoId);
        calls.delete(videoId);
      }
    },
    count: () => calls.size,
    take: (most) => {
      const told = [...due].slice(0, most);
      for (const videoId of told) due.delete(videoId);
      return told;
    },
    areDue: () => due.size > 0,
    all: () => [...calls.values()],
  };
}
