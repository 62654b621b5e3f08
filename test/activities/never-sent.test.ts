import { describe, expect, test } from 'vitest';
import { createCloseUnsent } from '../../src/activities/submit/close-unsent.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import {
  claim,
  claimKey,
  input,
  submitHarness,
  submittedAt,
  workflowExecution,
} from './submit-harness.ts';

const info = { workflowExecution };
const closeKey = (claims: Parameters<typeof createCloseUnsent>[0]['claims'], key = claimKey) =>
  activityHarness(info).run(createCloseUnsent({ claims, storageId: 'storage-1' }), {
    claimKey: key,
  });

describe('the key of a submit that no worker answered for', () => {
  test('is closed where it has no claim: a worker that wakes up later sends nothing', async () => {
    const { claims, gateway, submitVideo } = await submitHarness();
    expect(await closeKey(claims)).toEqual({ unsent: true });
    const late = await failureOf(activityHarness(info).run(submitVideo, input));
    expect(detailsOf(late)).toMatchObject({
      outcome: 'not_accepted',
      kind: 'worker_lost',
      billed: 'no',
      closedKey: true,
    });
    expect(gateway.submitted).toEqual([]);
  });

  test('is closed once and for all: closing it again, by whomever, gives the same answer', async () => {
    const { claims } = await submitHarness();
    await closeKey(claims);
    expect(await closeKey(claims)).toEqual({ unsent: true });
    await claims.release(claim);
    expect(await claims.acquire(claim)).toBe('closed');
  });

  test('is left open where a claim under another spelling of the key has answered', async () => {
    const { claims, storage } = await submitHarness();
    const spelledId = 'video/cafe\u0301-\u00e9';
    const composed = spelledId.normalize('NFC');
    // As an earlier version left it: neither composed nor decomposed.
    await claims.acquire({ ...claim, claimKey: 'video/other' });
    const bytes = await storage.readSmall(claimObjectKey('video/other'), 100_000);
    await storage.createSmall(claimObjectKey(spelledId), bytes ?? expect.fail('no claim'));
    const close = createCloseUnsent({ claims, storageId: 'storage-1' });
    const ask = (key: string) => activityHarness(info).run(close, { claimKey: key, spelledId });
    expect(await ask(composed)).toEqual({ unsent: false });
    expect(await claims.find(composed)).toBeNull();
    // A later submit of the key has a claim key of its own.
    expect(await ask(`${composed}/resubmit-2`)).toEqual({ unsent: true });
  });

  test.each(['sent', 'unknown'] as const)(
    'is left alone where its claim says "%s": it may have been sent',
    async (state) => {
      const { claims } = await submitHarness();
      await claims.acquire(claim);
      if (state === 'unknown') await claims.record(claim, { state, message: 'lost' });
      expect(await closeKey(claims)).toEqual({ unsent: false });
      expect((await claims.read(claimKey))?.outcome.state).toBe(state);
    },
  );

  test.each([
    ['is closed by a worker of the storage that its grant names', 'storage-1', true],
    ['is left to a worker of the storage that its grant names', 'storage-2', false],
  ])('%s', async (_, storageId, isClosed) => {
    const { claims } = await submitHarness();
    const closeUnsent = createCloseUnsent({ claims, storageId: 'storage-1' });
    const closing = activityHarness(info).run(closeUnsent, { claimKey, storageId });
    if (isClosed) expect(await closing).toEqual({ unsent: true });
    else await expect(closing).rejects.toThrow('storage-2');
    expect(await claims.find(claimKey)).toBe(isClosed ? 'closed' : null);
  });

  test('belongs to exactly one of 40 who close and 40 who claim it at once', async () => {
    const { claims } = await submitHarness();
    const runs = Array.from({ length: 40 }, (_, index) => `run-${index}`);
    const [closed, claimed] = await Promise.all([
      Promise.all(runs.map(() => closeKey(claims))),
      Promise.all(runs.map((runId) => claims.acquire({ ...claim, runId }))),
    ]);
    const winners = claimed.filter((answer) => answer === null).length;
    const isClosed = closed.some(({ unsent }) => unsent);
    expect(winners).toBe(isClosed ? 0 : 1);
    expect(new Set(closed.map(({ unsent }) => unsent)).size).toBe(1);
  });

  test('counts as no claim, wherever claims are read', async () => {
    const { claims } = await submitHarness();
    await closeKey(claims);
    expect(await claims.read(claimKey)).toBeNull();
    const listed = [];
    for await (const found of claims.listSince(0)) listed.push(found);
    expect(listed).toEqual([]);
  });

  test('can still be given a job that a later submit got', async () => {
    const { claims } = await submitHarness();
    await closeKey(claims);
    await claims.giveJob(claim, { jobId: 'task_2', submittedAt: 1 });
    expect((await claims.read(claimKey))?.outcome).toMatchObject({ jobId: 'task_2' });
  });
});

describe('a key that was given up before anything was sent', () => {
  const nextKey = `${claimKey}/resubmit-2`;
  const told = async (submitVideo: Parameters<typeof runOf>[0]) =>
    detailsOf(await failureOf(runOf(submitVideo)));
  const runOf = (submitVideo: Awaited<ReturnType<typeof submitHarness>>['submitVideo']) =>
    activityHarness(info).run(submitVideo, input);

  test('says "maybe" where a later submit of it may have been sent, as a run that was reset finds it', async () => {
    const { claims, submitVideo } = await submitHarness();
    await claims.close(claimKey);
    await claims.close(nextKey);
    await claims.acquire({ ...claim, claimKey: `${claimKey}/resubmit-3` });
    expect(await told(submitVideo)).toMatchObject({ closedKey: true, billed: 'maybe' });
  });

  test('says "no" where every later submit of it was given up as well', async () => {
    const { claims, submitVideo } = await submitHarness();
    await claims.close(claimKey);
    await claims.close(nextKey);
    expect(await told(submitVideo)).toMatchObject({ closedKey: true, billed: 'no' });
  });

  test('leads on at once while a limit holds its model back: the limit says nothing of what was paid', async () => {
    const { claims, throttle, submitVideo } = await submitHarness();
    await throttle.hold({ scope: 'model', model: claim.model, nowMs: submittedAt, sentAtMs: 0 });
    await claims.close(claimKey);
    await claims.acquire({ ...claim, claimKey: nextKey });
    expect(await told(submitVideo)).toMatchObject({ closedKey: true, billed: 'maybe' });
  });

  test('after a refunded job says "maybe" where a later submit of it may have been sent', async () => {
    const { claims, submitVideo } = await submitHarness();
    const earlier = { ...claim, runId: 'run-0' };
    await claims.acquire(earlier);
    await claims.record(earlier, { state: 'accepted', jobId: 'task_1', submittedAt });
    await claims.charge({
      claimKey,
      jobId: 'task_1',
      charged: { quota: 0, money: 0 },
      refunded: true,
    });
    await claims.acquire({ ...claim, claimKey: nextKey });
    expect(await told(submitVideo)).toMatchObject({ closedKey: true, billed: 'maybe' });
  });
});

describe('a submit that ends before its POST leaves no claim', () => {
  test('when it is too late to send anything', async () => {
    const { claims, gateway, submitVideo } = await submitHarness();
    const harness = activityHarness({ ...info, startToCloseTimeoutMs: 1_000 });
    const late = await failureOf(harness.run(submitVideo, input));
    expect(detailsOf(late)).toMatchObject({ kind: 'worker_lost', outcome: 'not_accepted' });
    expect(await claims.find(claimKey)).toBeNull();
    expect(gateway.submitted).toEqual([]);
  });

  test('when its worker stops: it is not taken for a cancellation', async () => {
    const { claims, submitVideo } = await submitHarness();
    const harness = activityHarness(info);
    harness.cancel({
      cancelRequested: false,
      notFound: false,
      paused: false,
      timedOut: false,
      workerShutdown: true,
      reset: false,
    });
    const stopped = await failureOf(harness.run(submitVideo, input));
    expect(detailsOf(stopped)).toMatchObject({ kind: 'worker_lost', outcome: 'not_accepted' });
    expect(await claims.find(claimKey)).toBeNull();
  });

  test('when the storage wrote its claim and its answer was lost', async () => {
    const { claims, submitVideo } = await submitHarness({
      through: (storage) => ({
        ...storage,
        createSmall: async (key, bytes) => {
          await storage.createSmall(key, bytes);
          throw new StorageError('The answer was lost');
        },
      }),
    });
    const failure = detailsOf(await failureOf(activityHarness(info).run(submitVideo, input)));
    expect(failure).toMatchObject({ kind: 'storage_unavailable', outcome: 'not_accepted' });
    expect(await claims.find(claimKey)).toBeNull();
  });
});

describe('a run that was reset to before a person submitted again', () => {
  test('is led on to the claim of that submit, and sends nothing', async () => {
    const { claims, gateway, submitVideo } = await submitHarness();
    await claims.acquire(claim);
    await claims.acquire({ ...claim, claimKey: `${claimKey}/resubmit-2` });
    const failure = detailsOf(await failureOf(activityHarness(info).run(submitVideo, input)));
    expect(failure).toMatchObject({ closedKey: true, held: true, billed: 'maybe' });
    expect(gateway.submitted).toEqual([]);
  });
});

test('a claim that is gone is not removed a second time: another one may be made in that moment', async () => {
  const temp = await tempStorage();
  const removed: string[] = [];
  const storage = {
    ...temp.storage,
    remove: async (key: string) => {
      removed.push(key);
    },
  };
  await createSubmitClaims({ storage }).release(claim);
  expect(removed).toEqual([]);
});
