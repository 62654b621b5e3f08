import { describe, expect, test, vi } from 'vitest';
import { openAdmission } from '../../src/activities/admission/admission-client.ts';
import type { AdmissionAnswer, AdmissionRequest } from '../../src/contract/admission.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { busy, fakeAdmission, gate, type FakeAdmission } from '../fakes/fake-admission.ts';

const askOf = (videoId: string, more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  videoId,
  claimKey: videoId,
  model: 'kling-v1',
  tags: [],
  priority: 'interactive',
  cost: {},
  deadlineMs: 60_000,
  maxJobs: 3,
  ...more,
});

/** Activities of one worker; each requests admission for one video. */
function workerOf({ client }: FakeAdmission) {
  const { admission } = openAdmission({ id: 'admission/x', storageId: 'storage-1' });
  const start = (ask: AdmissionRequest, startToCloseTimeoutMs = 180_000) => {
    const activity = activityHarness({ startToCloseTimeoutMs }, client);
    const answer = activity.run((given: AdmissionRequest) => admission.ask(given), ask);
    answer.catch(() => {});
    return { answer, cancel: () => activity.cancel() };
  };
  const ask = (videoId: string) => start(askOf(videoId)).answer;
  return { start, ask };
}

/** One request is on its way, and the others wait for it. */
async function whileOneIsOnItsWay(fake: FakeAdmission) {
  const { closed, open } = gate();
  fake.gate = closed;
  const worker = workerOf(fake);
  const first = worker.ask('first');
  await vi.waitFor(() => expect(fake.sent).toHaveLength(1));
  return { ...worker, first, open };
}

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('requests for admission', () => {
  test('go at once if none is on its way, and together if one is; each gets its own answer', async () => {
    const fake = fakeAdmission();
    const outcomes: Record<string, AdmissionAnswer> = {
      b: { outcome: 'waiting', retryAfterMs: 5 },
      c: { outcome: 'refused', message: 'Cap for today: 1' },
    };
    fake.answer = ({ videoId }) => outcomes[videoId] ?? { outcome: 'granted' };
    const { ask, first, open } = await whileOneIsOnItsWay(fake);
    const others = ['a', 'b', 'c'].map(ask);
    open();
    expect(await Promise.all([first, ...others])).toEqual([
      { outcome: 'granted' },
      { outcome: 'granted' },
      outcomes['b'],
      outcomes['c'],
    ]);
    expect(fake.sent).toEqual([
      { name: 'askAdmission', videos: ['first'] },
      { name: 'requestAdmissions', videos: ['a', 'b', 'c'] },
    ]);
  });

  test('are at most 100 in a list, and one list follows the other', async () => {
    const fake = fakeAdmission();
    const { ask, open } = await whileOneIsOnItsWay(fake);
    const others = names('v', 230).map(ask);
    open();
    await Promise.all(others);
    expect(fake.sent.map(({ videos }) => videos.length)).toEqual([1, 100, 100, 30]);
    expect(fake.load.most).toBe(1);
  });

  test('are at most 64 KB in a list, and a larger one goes alone', async () => {
    const fake = fakeAdmission();
    const { start, open } = await whileOneIsOnItsWay(fake);
    const sizes = [20_000, 20_000, 20_000, 20_000, 90_000, 20_000];
    const others = sizes.map((size, index) =>
      start(askOf(`v${index}`, { tags: ['x'.repeat(size)] })),
    );
    open();
    await Promise.all(others.map(({ answer }) => answer));
    expect(fake.sent.map(({ videos }) => videos.length)).toEqual([1, 3, 1, 1, 1]);
  });

  test('that are invalid fail alone', async () => {
    const fake = fakeAdmission();
    fake.answer = ({ videoId }) =>
      videoId === 'b' ? { outcome: 'invalid', message: 'no tags' } : { outcome: 'granted' };
    const { ask, open } = await whileOneIsOnItsWay(fake);
    const [a, b, c] = ['a', 'b', 'c'].map(ask);
    open();
    await expect(b).rejects.toThrow('no tags');
    expect(await Promise.all([a, c])).toEqual([{ outcome: 'granted' }, { outcome: 'granted' }]);
  });

  test('of a cancelled activity are taken back while they wait, and do not stop the others', async () => {
    const fake = fakeAdmission();
    const { start, ask, first, open } = await whileOneIsOnItsWay(fake);
    const cancelled = start(askOf('cancelled'));
    const others = ['a', 'b'].map(ask);
    cancelled.cancel();
    await expect(cancelled.answer).rejects.toThrow();
    open();
    await Promise.all([first, ...others]);
    expect(fake.sent.map(({ videos }) => videos)).toEqual([['first'], ['a', 'b']]);
  });

  test('of an activity that is cancelled while they are on their way do not stop the others', async () => {
    const fake = fakeAdmission();
    const { start, ask, open, first } = await whileOneIsOnItsWay(fake);
    const cancelled = start(askOf('cancelled'));
    const others = ['a', 'b'].map(ask);
    const second = gate();
    fake.gate = second.closed;
    open();
    await first;
    await vi.waitFor(() => expect(fake.sent).toHaveLength(2));
    cancelled.cancel();
    await expect(cancelled.answer).rejects.toThrow();
    second.open();
    expect(await Promise.all(others)).toEqual([{ outcome: 'granted' }, { outcome: 'granted' }]);
    expect(fake.sent[1]?.videos).toEqual(['cancelled', 'a', 'b']);
  });

  test('of the first activity of a list do not stop the others when it is cancelled', async () => {
    const fake = fakeAdmission();
    const { closed, open } = gate();
    fake.gate = closed;
    const { start, ask } = workerOf(fake);
    const first = start(askOf('first'));
    await vi.waitFor(() => expect(fake.sent).toHaveLength(1));
    const others = ['a', 'b'].map(ask);
    first.cancel();
    await expect(first.answer).rejects.toThrow();
    open();
    expect(await Promise.all(others)).toEqual([{ outcome: 'granted' }, { outcome: 'granted' }]);
  });

  test('that waited too long are taken back: their video requests again', async () => {
    const fake = fakeAdmission();
    const { start, ask, open } = await whileOneIsOnItsWay(fake);
    const late = start(askOf('late'), 40);
    const other = ask('other');
    await expect(late.answer).rejects.toThrow('No answer in 10 ms');
    open();
    await other;
    expect(fake.sent.map(({ videos }) => videos)).toEqual([['first'], ['other']]);
  });

  test('start the admission if there is none', async () => {
    const fake = fakeAdmission();
    fake.run = null;
    const worker = workerOf(fake);
    const answers = await Promise.all(['a', 'b', 'c'].map(worker.ask));
    expect(answers).toEqual(Array(3).fill({ outcome: 'granted' }));
  });

  test('fail together with their update, and later ones are sent', async () => {
    const fake = fakeAdmission();
    const { ask, open } = await whileOneIsOnItsWay(fake);
    fake.before = ({ videos }) => {
      if (videos.includes('a')) throw new Error('connection lost');
    };
    const lost = Promise.allSettled(['a', 'b'].map(ask));
    open();
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask('c')).toEqual({ outcome: 'granted' });
  });

  test('are repeated together after a pause if the run of the admission has to end', async () => {
    const fake = fakeAdmission();
    const { ask, open } = await whileOneIsOnItsWay(fake);
    let rejections = 1;
    fake.before = ({ videos }) => {
      if (videos.includes('a') && rejections-- > 0) throw busy();
    };
    const others = ['a', 'b'].map(ask);
    open();
    expect(await Promise.all(others)).toEqual([{ outcome: 'granted' }, { outcome: 'granted' }]);
    expect(fake.sent.map(({ videos }) => videos)).toEqual([['first'], ['a', 'b'], ['a', 'b']]);
  });
});

describe('an admission of a build without lists', () => {
  test('gets single requests, at most four at once', async () => {
    const fake = fakeAdmission();
    fake.run = { id: 'run-1', takesLists: false, knowsLists: false };
    const { ask, open } = await whileOneIsOnItsWay(fake);
    const others = names('v', 20).map(ask);
    open();
    expect(await Promise.all(others)).toEqual(Array(20).fill({ outcome: 'granted' }));
    expect(new Set(fake.sent.map(({ name }) => name))).toEqual(new Set(['askAdmission']));
    expect(fake.load.most).toBeLessThanOrEqual(4);
    expect(fake.describes).toBe(1);
  });

  test('gets single requests as well if it follows a run that took lists', async () => {
    const fake = fakeAdmission();
    const { ask, open } = await whileOneIsOnItsWay(fake);
    fake.run = { id: 'run-2', takesLists: true, knowsLists: false };
    const others = ['a', 'b'].map(ask);
    open();
    expect(await Promise.all(others)).toEqual([{ outcome: 'granted' }, { outcome: 'granted' }]);
    const again = await Promise.all(['c', 'd'].map(ask));
    expect(again).toEqual([{ outcome: 'granted' }, { outcome: 'granted' }]);
    const lists = fake.sent.filter(({ name }) => name === 'requestAdmissions');
    expect(lists).toHaveLength(1);
  });
});
