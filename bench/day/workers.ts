import { createPollPlans, type PollPlans } from '../../src/activities/watch/poll-plans.ts';
import { createJobTimings, type JobTimings } from '../../src/storage/records/job-timings.ts';

/** What a worker knows. */
export interface SimulatedWorker {
  timings: JobTimings;
  plans: PollPlans;
}

/** Two workers with one storage. */
export function createWorkers(now: () => number): SimulatedWorker[] {
  const objects = new Map<string, Uint8Array>();
  const storage = {
    readSmall: async (key: string) => objects.get(key) ?? null,
    writeSmall: async (key: string, bytes: Uint8Array) => {
      objects.set(key, bytes);
    },
  };
  return [1, 2].map(() => {
    const timings = createJobTimings({ storage, account: 'admission/day', now });
    return { timings, plans: createPollPlans({ timings, speed: 1 }) };
  });
}
