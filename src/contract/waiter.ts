/**
 * One of those who wait for a video, in words of the caller's own. Before 1.0 the field was named `asker`: open runs,
 * histories and callers by name have it, so it is read, and still written for workers from before.
 */
export interface Waiter {
  waiterId?: string;
  /** @deprecated Say `waiterId`. */
  asker?: string;
}

/** The field under both names. */
export function asWaiter(waiterId: string): { waiterId: string; asker: string } {
  return { waiterId, asker: waiterId };
}

/** Who waits, whichever name the field has. */
export function waiterIn({ waiterId, asker }: Waiter): string | undefined {
  return waiterId ?? asker;
}
