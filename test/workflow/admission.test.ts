import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { demandClaimsStorage, OtherStorage } from '../../src/worker/claims-storage.ts';
import type { LimitsChange } from '../../src/contract/admission.ts';
import type { VideoStatus } from '../../src/contract/messages.ts';
import { startAdmissionHarness, type AdmissionHarness } from './admission-harness.ts';
import {
  failureOf,
  hourMs,
  input,
  minuteMs,
  pending,
  start,
  submitFailure,
  untilStatus,
} from './harness.ts';

const maxJobs = 2;
let harness: AdmissionHarness;
beforeEach(async () => {
  harness = await startAdmissionHarness({ maxJobs });
});
afterEach(() => harness?.stop());

const neverDone = { poll: () => Promise.reject(pending(hourMs)) };
const startVideo = (more: object = {}) => start(harness.env, { ...input, ...more });

async function startUntilWaiting() {
  const holders = [];
  for (let count = 0; count < maxJobs; count += 1) {
    const holder = await startVideo();
    await untilStatus(holder, ({ phase }) => phase === 'queued');
    holders.push(holder);
  }
  const waiting = await startVideo();
  await untilStatus(waiting, ({ phase }) => phase === 'waiting');
  return { holders, waiting };
}

describe('a video for which no slot is free', () => {
  test('waits, billed: no, and continues when another job ends', async () => {
    let isDone = false;
    harness.play({
      poll: async () => {
        if (!isDone) throw pending(1_000);
        return { state: 'succeeded', askedAt: await harness.env.currentTimeMs() };
      },
    });
    const { holders, waiting } = await startUntilWaiting();
    expect(await waiting.query<VideoStatus>('videoStatus')).toMatchObject({
      billed: 'no',
      waiting: { place: 1, of: 1 },
      retrying: { failure: { message: 'All 2 slots are taken' } },
    });
    expect(harness.posts).toHaveLength(maxJobs);
    isDone = true;
    await Promise.all([...holders, waiting].map((video) => harness.resultOf(video)));
    expect(harness.posts).toHaveLength(maxJobs + 1);
    await vi.waitFor(async () => {
      expect(await harness.status()).toMatchObject({ inFlight: [], reserved: [] });
    });
  });

  test('is cancelled before anything was paid', async () => {
    harness.play(neverDone);
    const { waiting, holders } = await startUntilWaiting();
    await waiting.cancel();
    await expect(harness.resultOf(waiting)).rejects.toThrow();
    expect(await waiting.query<VideoStatus>('videoStatus')).toMatchObject({
      cancellation: { outcome: 'stopped_before_spend', billed: 'no' },
    });
    await Promise.all(holders.map((holder) => holder.cancel()));
    await Promise.allSettled(holders.map((holder) => harness.resultOf(holder)));
    expect(harness.posts).toHaveLength(maxJobs);
  });

  test('gets the slot of a holder that was terminated', async () => {
    harness.play(neverDone);
    const { holders, waiting } = await startUntilWaiting();
    await holders[0]?.terminate();
    await harness.env.sleep(2 * minuteMs);
    await untilStatus(waiting, ({ phase }) => phase === 'queued');
    const { inFlight } = await harness.status();
    expect(inFlight.map(({ videoId }) => videoId)).toEqual([
      holders[1]?.workflowId,
      waiting.workflowId,
    ]);
    expect(Object.values((await harness.status()).spent)).toMatchObject([{ videos: 3 }]);
  });

  test('gets the slot of a holder that is overdue', async () => {
    harness.play(neverDone);
    const { waiting } = await startUntilWaiting();
    await harness.env.sleep(31 * minuteMs);
    await untilStatus(waiting, ({ phase }) => phase === 'queued');
  });

  test('gets the slot of a lost submit once a job of it would usually have ended; its cost stays reserved', async () => {
    harness.play({ ...neverDone, submit: () => Promise.reject(submitFailure({})) });
    const lost = [await startVideo(), await startVideo()];
    for (const video of lost) await untilStatus(video, ({ phase }) => phase === 'unresolved');
    harness.play(neverDone);
    // Between two minutes: the admission checks its holders each minute while a video waits, and the time-skipping
    // server loses a workflow task that cancels a timer which has just fired (temporalio/sdk-java#3088).
    await harness.env.sleep(9.5 * minuteMs);
    const waiting = await startVideo();
    await untilStatus(waiting, ({ phase }) => phase === 'waiting');
    await harness.env.sleep(2 * minuteMs);
    await untilStatus(waiting, ({ phase }) => phase === 'queued');
    expect((await harness.status()).reserved).toHaveLength(2);
  });

  test('gets the slot of a submit with an immediate error response; its cost stays reserved', async () => {
    const submit = () => Promise.reject(submitFailure({ answered: true }));
    harness.play({ ...neverDone, submit });
    const lost = [await startVideo(), await startVideo()];
    for (const video of lost) await untilStatus(video, ({ phase }) => phase === 'unresolved');
    expect(await harness.status()).toMatchObject({ inFlight: [], reserved: [{}, {}] });
    harness.play(neverDone);
    const next = await startVideo();
    await untilStatus(next, ({ phase }) => phase === 'queued');
    expect((await harness.status()).reserved).toHaveLength(2);
  });

  test('gets slot and cost of a submit whose worker died before it sent anything', async () => {
    const submit = () => {
      harness.claims.clear();
      return Promise.reject(ApplicationFailure.nonRetryable('the worker is gone'));
    };
    harness.play({ ...neverDone, submit });
    const lost = await startVideo();
    await untilStatus(lost, ({ retrying }) => retrying !== undefined);
    expect(await harness.status()).toMatchObject({ inFlight: [], reserved: [] });
    expect(Object.values((await harness.status()).spent)).toMatchObject([{ videos: 0 }]);
    await lost.terminate();
  });
});

describe('a cap', () => {
  test('that is reached fails the video with the number that would be exceeded, billed: no', async () => {
    await harness.resultOf(await startVideo({ tags: ['red'] }));
    await harness.setLimits({ perTag: { red: { seconds: 9 } } });
    const failure = await failureOf(harness.resultOf(await startVideo({ tags: ['red'] })));
    expect(failure).toMatchObject({
      type: 'cap_exceeded',
      details: [{ billed: 'no', message: expect.stringContaining('9 seconds, 5 spent') }],
    });
    expect(harness.posts).toHaveLength(1);
  });

  test('that is invalid is refused', async () => {
    await harness.resultOf(await startVideo());
    const wrong = [{ jobs: -1 }, { perDay: { videos: '9' } }, { perYear: {} }, { perTag: [] }];
    for (const change of wrong) {
      await expect(harness.setLimits(change as LimitsChange)).rejects.toThrow();
    }
    expect((await harness.status()).limits).toEqual({ jobs: maxJobs });
  });

  test('frees the cost of requests that the gateway refused', async () => {
    harness.play({
      submit: ({ claimKey }) => {
        harness.claims.delete(claimKey);
        throw submitFailure({ kind: 'moderation', outcome: 'refused', billed: 'no' });
      },
    });
    await failureOf(harness.resultOf(await startVideo()));
    expect(Object.values((await harness.status()).spent)).toMatchObject([{ videos: 0 }]);
  });

  test('that a person set still applies after the admission was terminated: it is read from the storage', async () => {
    await harness.resultOf(await startVideo());
    await harness.setLimits({ jobs: 1, perTag: { red: { videos: 7 } } });
    await harness.env.client.workflow.getHandle(harness.id).terminate();
    await harness.resultOf(await startVideo());
    expect((await harness.status()).limits).toEqual({ jobs: 1, perTag: { red: { videos: 7 } } });
  });

  test('still applies after the admission was terminated: the spent amount is read from the claims', async () => {
    await harness.resultOf(await startVideo());
    await harness.env.client.workflow.getHandle(harness.id).terminate();
    await harness.resultOf(await startVideo());
    expect(Object.values((await harness.status()).spent)).toMatchObject([
      { videos: 2, seconds: 10 },
    ]);
  });
});

test('a video releases its slot to the admission that granted it, whichever account its workflow worker uses', async () => {
  await harness.stop();
  harness = await startAdmissionHarness({ maxJobs, workflowsAccount: 'admission/of-another-key' });
  await harness.resultOf(await startVideo());
  expect((await harness.status()).inFlight).toEqual([]);
});

test('waiting videos request again after the admission was terminated', async () => {
  harness.play(neverDone);
  const { waiting } = await startUntilWaiting();
  await harness.env.client.workflow.getHandle(harness.id).terminate();
  await harness.env.sleep(3 * minuteMs);
  await untilStatus(waiting, ({ phase }) => phase === 'queued');
});

test('the admission continues as new with its whole state, after a bounded number of events; its memo still names the storage', async () => {
  await harness.resultOf(await startVideo());
  await harness.setLimits({ jobs: 9, perDay: { videos: 10_000 } });
  const before = await harness.run();
  for (let count = 0; count < 510; count += 1) {
    const videoId = `video/asked-${count}`;
    await harness.ask(videoId);
    if (count > 0) await harness.release(videoId);
  }
  const after = await harness.run();
  expect(after.runId).not.toBe(before.runId);
  expect(await harness.eventsOf(before.runId)).toBeLessThanOrEqual(12 * 500);
  const { limits, inFlight, spent } = await harness.status();
  expect(limits).toEqual({ jobs: 9, perDay: { videos: 10_000 } });
  expect(inFlight).toMatchObject([{ videoId: 'video/asked-0' }]);
  expect(Object.values(spent)).toMatchObject([{ videos: 511 }]);
  const check = (storageId: string) =>
    demandClaimsStorage(harness.env.client, { account: harness.id, storageId, place: '/videos' });
  await expect(check(harness.storageId)).resolves.toBeUndefined();
  await expect(check('another')).rejects.toThrow(OtherStorage);
}, 170_000);

test('invalid labels are refused before a slot is requested', async () => {
  const failure = await failureOf(harness.resultOf(await startVideo({ tags: 'red' })));
  expect(failure).toMatchObject({ type: 'invalid_request', details: [{ billed: 'no' }] });
  expect(harness.posts).toHaveLength(0);
});
