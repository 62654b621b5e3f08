/** A slot that is kept for a video that was called, until it comes with its whole request. */
export interface Call {
  videoId: string;
  sinceMs: number;
}

/**
 * Workers that are busy or restarting take their time. Afterwards the slot goes to the next; who comes late is in the
 * queue again, before all that wait for a shorter time.
 */
export const callMs = 300_000;

/** Who is to request admission again. */
export interface Calls {
  /** Keeps a slot for it, and has it told. */
  call(videoId: string, nowMs: number): void;
  /** Has it told, without a slot: it may wait in vain. */
  hint(videoId: string): void;
  has(videoId: string): boolean;
  /** It came, or will not come. True where a slot was kept for it. */
  end(videoId: string): boolean;
  /** Gives up on those that have not come in time. */
  expire(nowMs: number): void;
  /** Slots that are kept. */
  count(): number;
  /** Those that are to be told now, at most so many; each is given once. */
  take(most: number): string[];
  /** Whether somebody is still to be told. */
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
