/** Events of several hours at a large account. */
const maxEvents = 10_000;

/** Runs `work` for an event, or returns null if it runs or has run for the same id in this process. */
export type OncePerEvent = <T>(id: string, work: () => Promise<T>) => Promise<T | null>;

/**
 * Remembers the newest events by id. An event that failed is forgotten, so that its next delivery is handled; a second
 * delivery that arrives meanwhile fails with it.
 */
export function createSeenEvents(): OncePerEvent {
  const seen = new Map<string, Promise<unknown>>();
  return async (id, work) => {
    const earlier = seen.get(id);
    if (earlier) {
      await earlier;
      return null;
    }
    const running = work();
    seen.set(id, running);
    const [oldest] = seen.keys();
    if (seen.size > maxEvents && oldest !== undefined) seen.delete(oldest);
    try {
      return await running;
    } catch (error) {
      if (seen.get(id) === running) seen.delete(id);
      throw error;
    }
  };
}
