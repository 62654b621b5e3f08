/**
 * A delivery follows its poll within a second or two. Later, the addresses are worth a fresh request, since they expire.
 */
const maxAgeMs = 60_000;
/** Jobs that have succeeded and are not delivered yet; more wait in the queue than are worth remembering. */
const maxJobs = 500;
/** Of all addresses of a job. A `data:` address holds the video itself, and is requested again instead. */
const maxCharacters = 64 * 1024;

/**
 * Passes the addresses of a finished video from the last poll to its delivery, inside one worker process. The addresses
 * grant access to the video, so they are in no history and no log; here they are the secret of the process.
 */
export interface AddressMemory {
  /** Replaces what is remembered for the job. Does nothing without addresses. */
  remember(jobId: string, urls: readonly string[]): void;
  /** Returns the addresses once, if they are recent. */
  take(jobId: string): string[] | undefined;
}

export function createAddressMemory({
  now = Date.now,
}: { now?: () => number } = {}): AddressMemory {
  const jobs = new Map<string, { urls: string[]; at: number }>();
  const forgetOld = () => {
    for (const [jobId, { at }] of jobs) {
      if (jobs.size <= maxJobs && now() - at <= maxAgeMs) return;
      jobs.delete(jobId);
    }
  };
  return {
    remember: (jobId, urls) => {
      jobs.delete(jobId);
      const characters = urls.reduce((sum, { length }) => sum + length, 0);
      if (urls.length > 0 && characters <= maxCharacters) {
        jobs.set(jobId, { urls: [...urls], at: now() });
      }
      forgetOld();
    },
    take: (jobId) => {
      forgetOld();
      const found = jobs.get(jobId);
      jobs.delete(jobId);
      return found?.urls;
    },
  };
}
