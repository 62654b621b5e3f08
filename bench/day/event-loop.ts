/** Simulated time: what is due first is run first, and nothing waits. */
export interface EventLoop {
  now(): number;
  at(atMs: number, run: () => Promise<void>): void;
  /** Until nothing is left. */
  run(): Promise<void>;
}

export function createEventLoop(): EventLoop {
  const events: { atMs: number; run: () => Promise<void> }[] = [];
  let nowMs = 0;
  const at: EventLoop['at'] = (atMs, run) => {
    const place = events.findLastIndex((event) => event.atMs > atMs);
    events.splice(place + 1, 0, { atMs, run });
  };
  return {
    now: () => nowMs,
    at,
    run: async () => {
      for (let next = events.pop(); next; next = events.pop()) {
        nowMs = next.atMs;
        await next.run();
      }
    },
  };
}
