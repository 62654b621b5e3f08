import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AdmissionEntryAnswer,
  AdmissionRelease,
  AdmissionRequest,
  AdmissionStatus,
} from '../../src/contract/admission.ts';
import { startTimeSkipping } from '../support/time-skipping.ts';
import { crowdOf, startAdmission, workerOf } from './admission-alone.ts';
import { asking } from './admission-asks.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  env = await startTimeSkipping();
});
afterAll(() => env?.teardown());

const outcomes = (answers: AdmissionEntryAnswer[]) => answers.map(({ outcome }) => outcome);
const day = async (status: () => Promise<AdmissionStatus>) => {
  const { spent } = await status();
  return Object.entries(spent).find(([scope]) => scope.startsWith('day/'))?.[1].videos;
};
const hourMs = 3_600_000;
const askOf = (videoId: string, more: Partial<AdmissionRequest> = {}) =>
  asking(videoId, { maxJobs: 2, deadlineMs: hourMs, ...more });

describe('a list of requests', () => {
  test('gets one answer per entry, as if each was sent alone; what is no request fails alone', async () => {
    const worker = await workerOf(env);
    await worker.runUntil(async () => {
      const handle = await startAdmission(env);
      const { ask, askAll, setLimits, status } = crowdOf(handle);
      await setLimits({ perTag: { full: { videos: 0 } } });
      await ask(askOf('video/first', { storageId: 'storage-1' }));
      const invalid = [
        { ...askOf('video/x'), tags: undefined },
        { ...askOf('video/x'), priority: 'high' },
        { ...askOf('video/x'), cost: { money: 'much' } },
        { ...askOf('video/x'), batch: {} },
        null,
      ] as unknown as AdmissionRequest[];
      const answers = await askAll([
        askOf('video/a'),
        askOf('video/refused', { tags: ['full'] }),
        ...invalid,
        askOf('video/other', { storageId: 'storage-2' }),
        askOf('video/a'),
        askOf('video/waits'),
      ]);
      expect(outcomes(answers)).toEqual([
        'granted',
        'refused',
        ...invalid.map(() => 'invalid'),
        'invalid',
        'granted',
        'waiting',
      ]);
      const { inFlight, waiting } = await status();
      expect(inFlight.map(({ videoId }) => videoId)).toEqual(['video/first', 'video/a']);
      expect(waiting.interactive).toBe(1);
      expect(await day(status)).toBe(2);
      await handle.terminate();
    });
  });

  test('that is sent again takes no further slot and counts nothing twice', async () => {
    const worker = await workerOf(env);
    await worker.runUntil(async () => {
      const handle = await startAdmission(env);
      const { askAll, status } = crowdOf(handle);
      const list = ['a', 'b', 'c'].map((name) => askOf(`video/${name}`));
      const first = await askAll(list);
      const again = await askAll([...list, ...list]);
      expect(outcomes(first)).toEqual(['granted', 'granted', 'waiting']);
      expect(outcomes(again)).toEqual([...outcomes(first), ...outcomes(first)]);
      expect((await status()).inFlight).toHaveLength(2);
      expect(await day(status)).toBe(2);
      await handle.terminate();
    });
  });

  test('never exceeds a cap, whatever the order', async () => {
    const worker = await workerOf(env);
    await worker.runUntil(async () => {
      const handle = await startAdmission(env);
      const { askAll, setLimits, status } = crowdOf(handle);
      await setLimits({ jobs: 100, perDay: { videos: 7 } });
      const list = Array.from({ length: 20 }, (_, index) => askOf(`video/${index}`));
      const answers = await Promise.all([askAll(list.slice(0, 10)), askAll(list.slice(10))]);
      const granted = outcomes(answers.flat()).filter((outcome) => outcome === 'granted');
      expect(granted).toHaveLength(7);
      expect(await day(status)).toBe(7);
      await handle.terminate();
    });
  });

  test('is rejected as a whole if it is too long, or no list', async () => {
    const worker = await workerOf(env);
    await worker.runUntil(async () => {
      const handle = await startAdmission(env);
      const { askAll, status } = crowdOf(handle);
      const long = Array.from({ length: 101 }, (_, index) => askOf(`video/${index}`));
      await expect(askAll(long)).rejects.toThrow();
      await expect(askAll({} as AdmissionRequest[])).rejects.toThrow();
      expect((await status()).inFlight).toEqual([]);
      await handle.terminate();
    });
  });
});

test('a list of releases frees the slot of each entry; what is no release is left out', async () => {
  const worker = await workerOf(env);
  await worker.runUntil(async () => {
    const handle = await startAdmission(env);
    const { askAll, releaseAll, status } = crowdOf(handle);
    await askAll(['a', 'b'].map((name) => askOf(`video/${name}`)));
    await releaseAll([
      { videoId: 'video/a', spent: 'no' },
      null as unknown as AdmissionRelease,
      { videoId: 'video/b' } as AdmissionRelease,
      { videoId: 'video/unknown', spent: 'yes' },
    ]);
    expect((await status()).inFlight.map(({ videoId }) => videoId)).toEqual(['video/b']);
    expect(await day(status)).toBe(1);
    await handle.terminate();
  });
});

test('a run that ends hands over what lists have done, and each run says for itself that it takes lists', async () => {
  const worker = await workerOf(env);
  await worker.runUntil(async () => {
    const handle = await startAdmission(env);
    const { ask, askAll, releaseAll, setLimits, memo, status } = crowdOf(handle);
    await setLimits({ jobs: 1_000 });
    await ask(askOf('video/first', { storageId: 'storage-1' }));
    const { runId } = await handle.describe();
    expect(await memo()).toEqual({ storageId: 'storage-1', takesLists: true });
    for (let round = 0; (await handle.describe()).runId === runId; round += 1) {
      expect(round).toBeLessThan(200);
      const list = Array.from({ length: 100 }, (_, index) => askOf(`video/${round}-${index}`));
      await askAll(list).catch(() => {});
      await releaseAll(list.map(({ videoId }) => ({ videoId, spent: 'no' })));
    }
    await expect.poll(memo).toEqual({ storageId: 'storage-1', takesLists: true });
    const { inFlight } = await status();
    expect(inFlight.map(({ videoId }) => videoId)).toContain('video/first');
    const { events } = await handle.fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(Object.keys(started?.memo?.fields ?? {})).toEqual(['storageId']);
    await handle.terminate();
  });
}, 120_000);

test('an open run of the build before lists continues with this one, and takes lists once its loop runs again', async () => {
  const before = await workerOf(env, { knowsLists: false, maxCachedWorkflows: 0 });
  const handle = await startAdmission(env);
  const { ask, askAll, release, memo, status } = crowdOf(handle);
  await before.runUntil(async () => {
    for (const name of ['a', 'b', 'c']) await ask(askOf(`video/${name}`));
    expect(await memo()).not.toHaveProperty('takesLists');
  });
  // Without a cache, each workflow task replays the whole run.
  const worker = await workerOf(env, { maxCachedWorkflows: 0 });
  await worker.runUntil(async () => {
    expect((await status()).inFlight.map(({ videoId }) => videoId)).toEqual(['video/a', 'video/b']);
    // `video/c` is called for the slot: the loop runs, and the signal finds no run of it.
    await release({ videoId: 'video/a', spent: 'yes' });
    await expect.poll(memo).toHaveProperty('takesLists', true);
    const answers = await askAll([askOf('video/b'), askOf('video/d'), askOf('video/e')]);
    expect(outcomes(answers)).toEqual(['granted', 'granted', 'waiting']);
    await handle.terminate();
  });
}, 60_000);

test('decisions while videos wait start no timers: the one that is set stays', async () => {
  const worker = await workerOf(env);
  await worker.runUntil(async () => {
    const handle = await startAdmission(env);
    const { ask, release, status, countEvents } = crowdOf(handle);
    for (const name of ['a', 'b', 'c']) await ask(askOf(`video/${name}`));
    const before = await countEvents('timerStarted');
    for (let round = 0; round < 10; round += 1) {
      // Each release calls a waiting video, whose run is not found: the loop runs.
      const [holder] = (await status()).inFlight;
      await release({ videoId: holder?.videoId ?? '', spent: 'yes' });
      await expect.poll(async () => (await status()).waiting.interactive).toBe(0);
      await expect.poll(async () => (await status()).called).toBe(0);
      await ask(askOf(`video/next-${round}`));
      await ask(askOf(`video/waits-${round}`));
    }
    // On a slow machine the timer may fire once.
    expect(await countEvents('timerStarted')).toBeLessThanOrEqual((before ?? 0) + 2);
    expect(await countEvents('timerCanceled')).toBeLessThanOrEqual(1);
    await handle.terminate();
  });
}, 60_000);
