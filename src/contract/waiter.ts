/**
 * A waiter of a video, with an id that the caller chooses. Before 1.0 the field was named `asker`. It is still read,
 * because open runs and callers by name use it, and still written for older workers.
 */
export interface Waiter {
  waiterId?: string;
  /** @deprecated Former name of `waiterId`. */
  asker?: string;
  /** In a join: the `callback_url` of this waiter. */
  callbackUrl?: string;
}

/** The field with both names. */
export function asWaiter(waiterId: string): { waiterId: string; asker: string } {
  return { waiterId, asker: waiterId };
}

/**
 * The waiter's id, under either name. The former name counts first: a worker from before 1.0 that continues a run
 * writes the current waiter there, and copies the `waiterId` of an earlier one.
 */
export function waiterIn({ waiterId, asker }: Waiter): string | undefined {
  return asker ?? waiterId;
}
