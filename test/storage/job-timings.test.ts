import { describe, expect, test, vi } from 'vitest';
import { createSweepStorage } from '../../src/activities/upkeep/sweep-storage.ts';
import { timingOf, type TimedJob } from '../../src/contract/job-timing.ts';
import {
  createJobTimings,
  removeOldTimings,
  type JobTimings,
} from '../../src/storage/records/job-timings.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';

const account = 'admission/abc';
const dayMs = 24 * 3_600_000;
const short = { model: 'vendor/veo 3', seconds: 5, resolution: '720p' };

const durationsOf = async (timings: JobTimings, job: TimedJob) =>
  (await timings.known(job)).durationsMs;

async function harness() {
  const temp = await tempStorage();
  let nowMs = 1_700_000_000_000;
  let reads = 0;
  let isDown = false;
  let isHanging = false;
  const failing = withFailing(temp.storage, ['readSmall', 'writeSmall'], () => isDown);
  const storage: VideoStorage = {
    ...failing,
    readSmall: async (...given) => {
      reads += 1;
      if (isHanging) return new Promise(() => {});
      return failing.readSmall(...given);
    },
  };
  const open = () => createJobTimings({ storage, account, now: () => nowMs });
  return {
    ...temp,
    open,
    timings: open(),
    pass: (ms: number) => {
      nowMs += ms;
    },
    reads: () => reads,
    hang: () => {
      isHanging = true;
    },
    down: (down: boolean) => {
      isDown = down;
    },
  };
}

describe('the durations of a model', () => {
  test('are known from the fifth on, sorted, on every worker of the storage', async () => {
    const { timings, open, files } = await harness();
    for (const ms of [5_000, 1_000, 4_000, 2_000]) await timings.record(short, ms);
    expect(await durationsOf(timings, short)).toEqual([]);
    await timings.record(short, 3_000.4);
    expect(await durationsOf(timings, short)).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
    expect(await durationsOf(open(), short)).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
    expect(await files()).toEqual([expect.stringMatching(/^timings\/abc\/[0-9a-f]{16}\.json$/)]);
  });

  test('are the last 50 of a length and resolution', async () => {
    const { timings, pass, storage, files } = await harness();
    for (let ms = 1; ms <= 60; ms += 1) {
      await timings.record(short, ms);
      pass(1_000);
    }
    const known = await durationsOf(timings, short);
    expect([known.length, known[0], known.at(-1)]).toEqual([50, 11, 60]);
    const [file = ''] = await files();
    const text = String(await storage.readSmall(file, 200_000));
    expect(JSON.parse(text)).toMatchObject({ cells: [{ samples: { length: 50 } }] });
  });

  test('fall back to the same length, then to the whole model, never to another model', async () => {
    const { timings } = await harness();
    for (const ms of [1, 2, 3, 4, 5]) await timings.record(short, ms);
    for (const ms of [11, 12, 13]) await timings.record({ ...short, seconds: 10 }, ms);
    expect(await durationsOf(timings, { ...short, resolution: '1080p' })).toEqual([1, 2, 3, 4, 5]);
    expect(await durationsOf(timings, { ...short, seconds: 10 })).toEqual([
      1, 2, 3, 4, 5, 11, 12, 13,
    ]);
    expect(await durationsOf(timings, { model: short.model })).toEqual([1, 2, 3, 4, 5, 11, 12, 13]);
    expect(await durationsOf(timings, { ...short, model: 'vendor/veo 2' })).toEqual([]);
  });

  test('of another length are told from those of the requested length', async () => {
    const { timings } = await harness();
    for (const ms of [1, 2, 3, 4, 5]) await timings.record(short, ms);
    const jobs = [short, { ...short, resolution: '1080p' }, { ...short, seconds: 10 }];
    const known = await Promise.all(jobs.map((job) => timings.known(job)));
    expect(known.map(({ sameLength }) => sameLength)).toEqual([true, true, false]);
  });

  test('are those of the last 14 days, and what is not used any more is removed', async () => {
    const { timings, open, pass, storage, files } = await harness();
    for (const ms of [1, 2, 3, 4, 5]) await timings.record(short, ms);
    pass(13 * dayMs);
    expect(await durationsOf(open(), short)).toHaveLength(5);
    pass(2 * dayMs);
    expect(await durationsOf(open(), short)).toEqual([]);
    await removeOldTimings({ storage, now: () => Date.now() + 13 * dayMs });
    expect(await files()).toHaveLength(1);
    await removeOldTimings({ storage, now: () => Date.now() + 15 * dayMs });
    expect(await files()).toEqual([]);
  });

  test('that are not positive are left out, and one in the storage does not cost the others', async () => {
    const { timings, open, storage, files } = await harness();
    for (const ms of [1, 2, 3, 4, 5, 0, -6, Number.NaN]) await timings.record(short, ms);
    expect(await durationsOf(timings, short)).toEqual([1, 2, 3, 4, 5]);
    const [file = ''] = await files();
    const text = String(await storage.readSmall(file, 200_000));
    await storage.writeSmall(file, Buffer.from(text.replace(',3]', ',-3],[7]')));
    await open().record(short, 6);
    expect(await durationsOf(open(), short)).toEqual([1, 2, 4, 5, 6]);
  });

  test('drop the length and resolution that was not used for longest, and stay small', async () => {
    const { timings, storage, files } = await harness();
    for (let seconds = 1; seconds <= 61; seconds += 1) {
      await timings.record({ ...short, seconds }, 1_234_567);
    }
    const [file = ''] = await files();
    const text = String(await storage.readSmall(file, 200_000));
    const { cells } = JSON.parse(text) as { cells: { seconds: number }[] };
    expect(cells).toHaveLength(60);
    expect(cells[0]?.seconds).toBe(2);
  });
});

test('jobs of one worker that end together are all recorded, also after a failure', async () => {
  const { timings, down } = await harness();
  down(true);
  await expect(timings.record(short, 1)).rejects.toThrow('the disk is gone');
  down(false);
  await Promise.all([1, 2, 3, 4, 5, 6].map((ms) => timings.record(short, ms)));
  expect(await durationsOf(timings, short)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('the upkeep of the storage removes what is not used any more', async () => {
  const removed: string[] = [];
  const stored: Record<string, number> = {
    'timings/a/old.json': 0,
    'timings/a/new.json': Date.now(),
  };
  const storage: Pick<VideoStorage, 'sweep' | 'list' | 'remove'> = {
    sweep: async () => ({ count: 0, sizeBytes: 0 }),
    list: async function* (prefix) {
      for (const [key, modifiedAt] of Object.entries(stored)) {
        if (key.startsWith(prefix)) yield { key, sizeBytes: 1, modifiedAt };
      }
    },
    remove: async (key) => void removed.push(key),
  };
  const events = { removeOld: async () => 0 };
  await activityHarness({}).run(createSweepStorage({ storage, events }), undefined);
  expect(removed).toEqual(['timings/a/old.json']);
});

test('50 jobs that end together cost one write', async () => {
  const { storage, open } = await harness();
  let writes = 0;
  const writeSmall: VideoStorage['writeSmall'] = async (...given) => {
    writes += 1;
    return storage.writeSmall(...given);
  };
  const timings = createJobTimings({ storage: { ...storage, writeSmall }, account });
  await Promise.all(Array.from({ length: 50 }, (_, ms) => timings.record(short, ms + 1)));
  expect([writes, (await durationsOf(open(), short)).length]).toEqual([1, 50]);
});

describe('the memory of a worker', () => {
  test('spares the storage for a minute, then sees what other workers have recorded', async () => {
    const { timings, open, reads, pass } = await harness();
    for (let poll = 0; poll < 20; poll += 1) await timings.known(short);
    expect(reads()).toBe(1);
    const other = open();
    for (const ms of [1, 2, 3, 4, 5]) await other.record(short, ms);
    expect(await durationsOf(timings, short)).toEqual([]);
    pass(60_000);
    await timings.known(short);
    await vi.waitFor(async () => {
      expect(await durationsOf(timings, short)).toEqual([1, 2, 3, 4, 5]);
    });
  });

  test('gives the same array while nothing has changed', async () => {
    const { timings } = await harness();
    for (const ms of [1, 2, 3, 4, 5]) await timings.record(short, ms);
    expect(await timings.known(short)).toBe(await timings.known({ ...short }));
  });

  test('stays in use while the storage cannot be read, and only a record fails', async () => {
    const { timings, open, pass, down } = await harness();
    for (const ms of [1, 2, 3, 4, 5]) await timings.record(short, ms);
    down(true);
    pass(120_000);
    expect(await durationsOf(timings, short)).toEqual([1, 2, 3, 4, 5]);
    expect(await durationsOf(open(), short)).toEqual([]);
    await expect(timings.record(short, 6)).rejects.toThrow('the disk is gone');
  });

  test('stays in use while the storage does not answer', async () => {
    const { timings, pass, hang } = await harness();
    for (const ms of [1, 2, 3, 4, 5]) await timings.record(short, ms);
    hang();
    pass(120_000);
    expect(await durationsOf(timings, short)).toEqual([1, 2, 3, 4, 5]);
  });

  test('takes a damaged object for an empty one', async () => {
    const { timings, open, storage, files } = await harness();
    for (const ms of [1, 2, 3, 4, 5]) await timings.record(short, ms);
    const [file = ''] = await files();
    await storage.writeSmall(file, Buffer.from('{"cells":'));
    expect(await durationsOf(open(), short)).toEqual([]);
    await open().record(short, 6);
    expect(await storage.readSmall(file, 1_000).then(String)).toContain(',6]');
  });
});

test('a request says its length and resolution where the model determines them', () => {
  const body = { model: 'sora-2', prompt: 'x', seconds: '8', size: '1280x720' };
  expect(timingOf({ format: 'videos', body })).toEqual({ seconds: 8, resolution: '720p' });
  const unknown = { model: 'nobody-knows', prompt: 'x' };
  expect(timingOf({ format: 'videos', body: unknown })).toEqual({});
});
