import { afterEach, describe, expect, test, vi } from 'vitest';
import { openAdmission } from '../../src/activities/admission/admission-client.ts';
import type { AdmissionRelease } from '../../src/contract/admission.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { fakeAdmission, gate, type FakeAdmission } from '../fakes/fake-admission.ts';

const admissionId = 'admission/x';

afterEach(() => void vi.useRealTimers());

/** Activities of one worker; each releases the slot of one video. */
function workerOf({ client }: FakeAdmission) {
  const { releases } = openAdmission({ id: admissionId, storageId: 'storage-1' });
  return (videoId: string, { isCancelled = false, id = admissionId } = {}) => {
    const activity = activityHarness({}, client);
    if (isCancelled) activity.cancel();
    const release: AdmissionRelease = { videoId, spent: 'yes' };
    return activity.run((given: AdmissionRelease) => releases.release(id, given), release);
  };
}

async function whileOneIsOnItsWay(fake: FakeAdmission) {
  const { closed, open } = gate();
  fake.gate = closed;
  const release = workerOf(fake);
  const first = release('first');
  await vi.waitFor(() => expect(fake.sent).toHaveLength(1));
  return { release, first, open };
}

describe('releases of slots', () => {
  test('go at once if none is on its way, and together, to the run that takes lists, if one is', async () => {
    const fake = fakeAdmission();
    const { release, first, open } = await whileOneIsOnItsWay(fake);
    const others = ['a', 'b', 'c'].map((videoId) => release(videoId));
    open();
    await Promise.all([first, ...others]);
    expect(fake.sent).toEqual([
      { name: 'releaseAdmission', videos: ['first'] },
      { name: 'releaseAdmissions', videos: ['a', 'b', 'c'], runId: 'run-1' },
    ]);
  });

  test('go to the next run if that one has ended', async () => {
    const fake = fakeAdmission();
    const { release, open } = await whileOneIsOnItsWay(fake);
    open();
    await Promise.all(['a', 'b'].map((videoId) => release(videoId)));
    fake.run = { id: 'run-2', takesLists: true, knowsLists: true };
    await Promise.all(['c', 'd'].map((videoId) => release(videoId)));
    expect(fake.sent.at(-1)).toEqual({
      name: 'releaseAdmissions',
      videos: ['c', 'd'],
      runId: 'run-2',
    });
  });

  test('go one by one to a next run that does not take lists: it would never read them', async () => {
    const fake = fakeAdmission();
    const { release, open } = await whileOneIsOnItsWay(fake);
    open();
    await Promise.all(['a', 'b'].map((videoId) => release(videoId)));
    fake.run = { id: 'run-2', takesLists: false, knowsLists: false };
    await Promise.all(['c', 'd'].map((videoId) => release(videoId)));
    expect(fake.sent.slice(-2)).toEqual([
      { name: 'releaseAdmission', videos: ['c'] },
      { name: 'releaseAdmission', videos: ['d'] },
    ]);
  });

  test('are done if the admission is gone, and so is everything that it held', async () => {
    const fake = fakeAdmission();
    fake.run = null;
    const release = workerOf(fake);
    await Promise.all(['a', 'b'].map((videoId) => release(videoId)));
    await release('c');
  });

  test('of a cancelled activity are sent', async () => {
    const fake = fakeAdmission();
    let isReleased = false;
    fake.before = () => {
      isReleased = true;
    };
    await workerOf(fake)('a', { isCancelled: true });
    expect(isReleased).toBe(true);
  });

  test.each([
    ['one', ['a'], 'releaseAdmission'],
    ['many', ['a', 'b'], 'releaseAdmissions'],
  ])(
    'that are given up are not sent later, when the slot may be that of the next submit: %s',
    async (_name, videos, signal) => {
      const fake = fakeAdmission();
      const { release, first, open } = await whileOneIsOnItsWay(fake);
      const arrived: string[] = [];
      fake.before = ({ name }) => void arrived.push(name);
      const sent = videos.map((videoId) => release(videoId));
      const late = gate();
      fake.gate = late.closed;
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
      open();
      await first;
      const given = Promise.allSettled(sent);
      await vi.waitFor(() => expect(fake.sent.at(-1)).toMatchObject({ name: signal, videos }));
      await vi.advanceTimersByTimeAsync(3_000);
      expect((await given).every(({ status }) => status === 'rejected')).toBe(true);
      late.open();
      await vi.advanceTimersByTimeAsync(3_000);
      expect(arrived).toEqual(['releaseAdmission']);
    },
  );

  test('of different admissions do not go together', async () => {
    const fake = fakeAdmission();
    const { release, open } = await whileOneIsOnItsWay(fake);
    const others = [release('a'), release('b', { id: 'admission/y' })];
    open();
    await Promise.all(others);
    expect(fake.sent.map(({ videos }) => videos)).toEqual(
      expect.arrayContaining([['first'], ['a'], ['b']]),
    );
  });

  test('fail together with their signal, so that each activity repeats its own', async () => {
    const fake = fakeAdmission();
    const { release, open } = await whileOneIsOnItsWay(fake);
    let isLost = true;
    fake.before = ({ name }) => {
      if (isLost && name === 'releaseAdmissions') throw new Error('connection lost');
    };
    const lost = Promise.allSettled(['a', 'b'].map((videoId) => release(videoId)));
    open();
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isLost = false;
    await release('a');
    expect(fake.sent.at(-1)).toEqual({ name: 'releaseAdmission', videos: ['a'] });
  });
});
