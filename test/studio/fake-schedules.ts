import type {
  BatchSchedule,
  ScheduleClient,
  ScheduleDetails,
} from '../../src/client/batch/schedule-client.ts';
import { VideoClientError } from '../../src/client/video-client-error.ts';

/** The schedules of a server, in memory. */
export interface FakeSchedules {
  client: ScheduleClient;
  created: BatchSchedule[];
  /** The names of all other calls that change something, with the name of the schedule. */
  acts: string[];
  details: Map<string, ScheduleDetails>;
}

export function createFakeSchedules(): FakeSchedules {
  const created: BatchSchedule[] = [];
  const acts: string[] = [];
  const all = new Map<string, ScheduleDetails>();
  const detailsOf = (name: string) => {
    const found = all.get(name);
    if (!found) throw new VideoClientError('not_found', `There is no schedule "${name}"`);
    return found;
  };
  const act = async (action: string, name: string) => {
    detailsOf(name);
    acts.push(`${action} ${name}`);
    return Promise.resolve();
  };
  const client: ScheduleClient = {
    create: async (schedule) => {
      const { name } = schedule.batch;
      const outcome = all.has(name) ? 'updated' : 'created';
      created.push(schedule);
      all.set(name, scheduleDetails(name, { batch: schedule.batch }));
      return Promise.resolve({ outcome });
    },
    show: async (name) => Promise.resolve(detailsOf(name)),
    list: async () => Promise.resolve([...all.values()]),
    pause: (name) => act('pause', name),
    resume: (name) => act('resume', name),
    trigger: (name) => act('trigger', name),
    backfill: (name) => act('backfill', name),
    delete: (name) => act('delete', name),
  };
  return { client, created, acts, details: all };
}

/** A schedule that has not fired yet. */
export function scheduleDetails(
  name: string,
  more: Partial<ScheduleDetails> = {},
): ScheduleDetails {
  return {
    name,
    paused: false,
    next: ['2026-12-02T03:00:00.000Z'],
    recent: [],
    fired: 0,
    skipped: 0,
    missed: 0,
    overlap: 'SKIP',
    catchupMs: 3_600_000,
    jitterMs: 0,
    pauseOnFailure: false,
    running: [],
    ...more,
  };
}
