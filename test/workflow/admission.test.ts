import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { demandClaimsStorage, OtherStorage } from '../../src/worker/claims-storage.ts';
import type { LimitsChange } from '../../src/contract/admission.ts';
import type { VideoStatus } from '../../src/contract/messages.ts';
import { startAdmissionStage, type AdmissionStage } from './admission-stage.ts';
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
let stage: AdmissionStage;
beforeEach(async () => {
  stage = await startAdmissionStage({ maxJobs });
});
afterEach(() => stage?.stop());

const neverDone = { poll: () => Promise.reject(pending(hourMs)) };
const startVideo = (more: object = {}) => start(stage.env, { ...input, ...more });

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
    stage.play({
      poll: async () => {
        if (!isDone) throw pending(1_000);
        return { state: 'succeeded', askedAt: await stage.env.currentTimeMs() };
      },
    });
    const { holders, waiting } = await startUntilWaiting();
    expect(await waiting.query<VideoStatus>('videoStatus')).toMatchObject({ billed: 'no' });
    expect(stage.posts).toHaveLength(maxJobs);
    isDone = true;
    await Promise.all([...holders, waiting].map((video) => stage.resultOf(video)));
    expect(stage.posts).toHaveLength(maxJobs + 1);
    await vi.waitFor(async () => {
      expect(await stage.status()).toMatchObject({ inFlight: [], reserved: [] });
    });
  });

  test('is cancelled before anything was paid', async () => {
    stage.play(neverDone);
    const { waiting, holders } = await startUntilWaiting();
    await waiting.cancel();
    await expect(stage.resultOf(waiting)).rejects.toThrow();
    expect(await waiting.query<VideoStatus>('videoStatus')).toMatchObject({
      cancellation: { outcome: 'stopped_before_spend', billed: 'no' },
    });
    await Promise.all(holders.map((holder) => holder.cancel()));
    await Promise.allSettled(holders.map((holder) => stage.resultOf(holder)));
    expect(stage.posts).toHaveLength(maxJobs);
  });

  test('gets the slot of a holder that was terminated', async () => {
    stage.play(neverDone);
    const { holders, waiting } = await startUntilWaiting();
    await holders[0]?.terminate();
    await stage.env.sleep(2 * minuteMs);
    await untilStatus(waiting, ({ phase }) => phase === 'queued');
    const { inFlight } = await stage.status();
    expect(inFlight.map(({ videoId }) => videoId)).toEqual([
      holders[1]?.workflowId,
      waiting.workflowId,
    ]);
    expect(Object.values((await stage.status()).spent)).toMatchObject([{ videos: 3 }]);
  });

  test('gets the slot of a holder that is overdue', async () => {
    stage.play(neverDone);
    const { waiting } = await startUntilWaiting();
    await stage.env.sleep(31 * minuteMs);
    await untilStatus(waiting, ({ phase }) => phase === 'queued');
  });

  test('gets the slot of a lost submit once a job of it would usually have ended; its cost stays reserved', async () => {
    stage.play({ ...neverDone, submit: () => Promise.reject(submitFailure({})) });
    const lost = [await startVideo(), await startVideo()];
    for (const video of lost) await untilStatus(video, ({ phase }) => phase === 'unresolved');
    stage.play(neverDone);
    // Between two minutes: the admission checks its holders each minute while a video waits, and the time-skipping
    // server loses a workflow task that cancels a timer which has just fired (temporalio/sdk-java#3088).
    await stage.env.sleep(9.5 * minuteMs);
    const waiting = await startVideo();
    await untilStatus(waiting, ({ phase }) => phase === 'waiting');
    await stage.env.sleep(2 * minuteMs);
    await untilStatus(waiting, ({ phase }) => phase === 'queued');
    expect((await stage.status()).reserved).toHaveLength(2);
  });

  test('gets the slot of a submit with an immediate error response; its cost stays reserved', async () => {
    const submit = () => Promise.reject(submitFailure({ answered: true }));
    stage.play({ ...neverDone, submit });
    const lost = [await startVideo(), await startVideo()];
    for (const video of lost) await untilStatus(video, ({ phase }) => phase === 'unresolved');
    expect(await stage.status()).toMatchObject({ inFlight: [], reserved: [{}, {}] });
    stage.play(neverDone);
    const next = await startVideo();
    await untilStatus(next, ({ phase }) => phase === 'queued');
    expect((await stage.status()).reserved).toHaveLength(2);
  });

  test('gets slot and cost of a submit whose worker died before it sent anything', async () => {
    const submit = () => {
      stage.claims.clear();
      return Promise.reject(ApplicationFailure.nonRetryable('the worker is gone'));
    };
    stage.play({ ...neverDone, submit });
    const lost = await startVideo();
    await untilStatus(lost, ({ retrying }) => retrying !== undefined);
    expect(await stage.status()).toMatchObject({ inFlight: [], reserved: [] });
    expect(Object.values((await stage.status()).spent)).toMatchObject([{ videos: 0 }]);
    await lost.terminate();
  });
});

describe('a cap', () => {
  test('that is reached fails the video with the number that would be exceeded, billed: no', async () => {
    await stage.resultOf(await startVideo({ tags: ['red'] }));
    await stage.setLimits({ perTag: { red: { seconds: 9 } } });
    const failure = await failureOf(stage.resultOf(await startVideo({ tags: ['red'] })));
    expect(failure).toMatchObject({
      type: 'cap_exceeded',
      details: [{ billed: 'no', message: expect.stringContaining('9 seconds, 5 spent') }],
    });
    expect(stage.posts).toHaveLength(1);
  });

  test('that is invalid is refused', async () => {
    await stage.resultOf(await startVideo());
    const wrong = [{ jobs: -1 }, { perDay: { videos: '9' } }, { perYear: {} }, { perTag: [] }];
    for (const change of wrong) {
      await expect(stage.setLimits(change as LimitsChange)).rejects.toThrow();
    }
    expect((await stage.status()).limits).toEqual({ jobs: maxJobs });
  });

  test('frees the cost of requests that the gateway refused', async () => {
    stage.play({
      submit: ({ claimKey }) => {
        stage.claims.delete(claimKey);
        throw submitFailure({ kind: 'moderation', outcome: 'refused', billed: 'no' });
      },
    });
    await failureOf(stage.resultOf(await startVideo()));
    expect(Object.values((await stage.status()).spent)).toMatchObject([{ videos: 0 }]);
  });

  test('that a person set still applies after the admission was terminated: it is read from the storage', async () => {
    await stage.resultOf(await startVideo());
    await stage.setLimits({ jobs: 1, perTag: { red: { videos: 7 } } });
    await stage.env.client.workflow.getHandle(stage.id).terminate();
    await stage.resultOf(await startVideo());
    expect((await stage.status()).limits).toEqual({ jobs: 1, perTag: { red: { videos: 7 } } });
  });

  test('still applies after the admission was terminated: the spent amount is read from the claims', async () => {
    await stage.resultOf(await startVideo());
    await stage.env.client.workflow.getHandle(stage.id).terminate();
    await stage.resultOf(await startVideo());
    expect(Object.values((await stage.status()).spent)).toMatchObject([{ videos: 2, seconds: 10 }]);
  });
});

test('a video releases its slot to the admission that granted it, whichever account its workflow worker uses', async () => {
  await stage.stop();
  stage = await startAdmissionStage({ maxJobs, workflowsAccount: 'admission/of-another-key' });
  await stage.resultOf(await startVideo());
  expect((await stage.status()).inFlight).toEqual([]);
});

test('waiting videos request again after the admission was terminated', async () => {
  stage.play(neverDone);
  const { waiting } = await startUntilWaiting();
  await stage.env.client.workflow.getHandle(stage.id).terminate();
  await stage.env.sleep(3 * minuteMs);
  await untilStatus(waiting, ({ phase }) => phase === 'queued');
});

test('the admission continues as new with its whole state, after a bounded number of events; its memo still names the storage', async () => {
  await stage.resultOf(await startVideo());
  await stage.setLimits({ jobs: 9, perDay: { videos: 10_000 } });
  const before = await stage.run();
  for (let count = 0; count < 510; count += 1) {
    const videoId = `video/asked-${count}`;
    await stage.ask(videoId);
    if (count > 0) await stage.release(videoId);
  }
  const after = await stage.run();
  expect(after.runId).not.toBe(before.runId);
  expect(await stage.eventsOf(before.runId)).toBeLessThanOrEqual(12 * 500);
  const { limits, inFlight, spent } = await stage.status();
  expect(limits).toEqual({ jobs: 9, perDay: { videos: 10_000 } });
  expect(inFlight).toMatchObject([{ videoId: 'video/asked-0' }]);
  expect(Object.values(spent)).toMatchObject([{ videos: 511 }]);
  const check = (storageId: string) =>
    demandClaimsStorage(stage.env.client, { account: stage.id, storageId, place: '/videos' });
  await expect(check(stage.storageId)).resolves.toBeUndefined();
  await expect(check('another')).rejects.toThrow(OtherStorage);
}, 170_000);

test('invalid labels are refused before a slot is requested', async () => {
  const failure = await failureOf(stage.resultOf(await startVideo({ tags: 'red' })));
  expect(failure).toMatchObject({ type: 'invalid_request', details: [{ billed: 'no' }] });
  expect(stage.posts).toHaveLength(0);
});
