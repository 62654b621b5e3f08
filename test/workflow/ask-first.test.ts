import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { AdmissionTicket } from '../../src/contract/activities.ts';
import { maxSubmitTimeoutMs } from '../../src/contract/defaults.ts';
import type { VideoStatus } from '../../src/contract/messages.ts';
import {
  accepted,
  failureOf,
  fakeActivities,
  hourMs,
  minuteMs,
  input,
  onePerFile,
  start,
  startTestBed,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const bed = onePerFile(() => startTestBed());
const fakes = (script?: Script) => fakeActivities(() => bed.env.currentTimeMs(), script);

const admission = { id: 'admission/x', storageId: 'storage-1', tags: [], cost: { seconds: 5 } };
const granted: AdmissionTicket = { outcome: 'granted', admission };
const noSlot: AdmissionTicket = { outcome: 'waiting', message: 'no slot', retryAfterMs: hourMs };
/** As if a worker dies, or returns a failure that is not ours. */
const noAnswer = () => Promise.reject(ApplicationFailure.nonRetryable('x'));

describe('the admission', () => {
  test('grants a slot before the paid activity, which receives the grant', async () => {
    const activities = fakes({ ask: () => granted });
    await bed.with(activities, async () => (await start(bed.env)).result());
    expect(activities.asks).toHaveLength(1);
    expect(activities.submits).toMatchObject([{ admission }]);
  });

  test('without a free slot keeps the video waiting, billed: no, and no paid activity is scheduled', async () => {
    const activities = fakes({ ask: (_, count) => (count === 1 ? noSlot : granted) });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      const waiting = await untilStatus(handle, ({ phase }) => phase === 'waiting');
      expect(waiting.billed).toBe('no');
      expect(waiting.retrying).toMatchObject({
        step: 'admission',
        failure: { message: 'no slot' },
        until: expect.any(String) as string,
      });
      expect(activities.submits).toEqual([]);
      await handle.signal('admissionTurn');
      await handle.result();
    });
    expect(activities.asks).toHaveLength(2);
    expect(activities.submits).toHaveLength(1);
  });

  test('tells a waiting video its place; the status shows it until the video is submitted', async () => {
    const expectedStart = '2026-11-30T12:04:30.000Z';
    const queue = { place: 3, of: 12, slots: 2, expectedStart };
    const activities = fakes({ ask: (_, count) => (count === 1 ? { ...noSlot, queue } : granted) });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      const { waiting, retrying } = await untilStatus(handle, ({ phase }) => phase === 'waiting');
      const asOf = expect.any(String) as string;
      expect(waiting).toEqual({ place: 3, of: 12, expectedStart, asOf });
      expect(retrying?.failure).not.toHaveProperty('queue');
      await handle.signal('admissionTurn');
      await handle.result();
      expect(await handle.query<VideoStatus>('videoStatus')).not.toHaveProperty('waiting');
    });
  });

  test('whose request dies with its worker leaves no unknown outcome: it is requested again, and one POST is sent', async () => {
    const ask: Script['ask'] = async (_, count) => {
      if (count < 3) throw new Error('the worker is gone');
      return granted;
    };
    const activities = fakes({ ask });
    const status = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await handle.result();
      return handle.query<VideoStatus>('videoStatus');
    });
    expect(status).toMatchObject({ phase: 'stored', billed: 'yes' });
    expect(activities.submits).toHaveLength(1);
    expect(activities.closed).toEqual([]);
  });

  test('that refuses ends the run, billed: no, and no paid activity is scheduled', async () => {
    const failure = submitFailure({ kind: 'cap_exceeded', outcome: 'refused', billed: 'no' });
    const activities = fakes({ ask: () => Promise.reject(failure) });
    const ended = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(ended).toMatchObject({ type: 'cap_exceeded', details: [{ billed: 'no' }] });
    expect(activities.submits).toEqual([]);
  });
});

describe('a submit without an answer from a worker', () => {
  test('and without a claim is not billed, and is retried under the next claim key', async () => {
    const submit: Script['submit'] = async (_, count) =>
      count === 1 ? noAnswer() : accepted('task_1', await bed.env.currentTimeMs());
    const unsent: Script['unsent'] = (_, storageId) => storageId === admission.storageId;
    const activities = fakes({ ask: () => granted, submit, unsent });
    const { status, id } = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      const retrying = await untilStatus(handle, (seen) => seen.retrying !== undefined);
      expect(retrying).toMatchObject({ billed: 'no', retrying: { failure: { billed: 'no' } } });
      await handle.result();
      const status = await handle.query<VideoStatus>('videoStatus');
      return { status, id: handle.workflowId };
    });
    expect(status).toMatchObject({ phase: 'stored', jobId: 'task_1' });
    expect(activities.closed).toEqual([id]);
    expect(activities.submits.map(({ claimKey }) => claimKey)).toEqual([id, `${id}/resubmit-2`]);
    expect(activities.looks).toEqual([]);
  });

  test('and with a claim is unresolved: it may have been billed', async () => {
    const activities = fakes({ ask: () => granted, submit: noAnswer, unsent: () => false });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.terminate();
    });
    expect(activities.submits).toHaveLength(1);
  });

  test.each([
    [
      'is closed as soon as a worker can read it, and the submit is retried under the next claim key',
      true,
    ],
    ['is not closed after a worker has found its claim', false],
  ])('and whose claim could not be read for half an hour %s', async (_, isUnsent) => {
    let isDown = true;
    const submit: Script['submit'] = async (_given, count) =>
      count === 1 ? noAnswer() : accepted('task_1', await bed.env.currentTimeMs());
    const unsent: Script['unsent'] = () => (isDown ? Promise.reject(new Error('down')) : isUnsent);
    const activities = fakes({ ask: () => granted, submit, unsent });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, () => activities.closed.length > 0);
      await bed.env.sleep(35 * minuteMs);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      isDown = false;
      const before = activities.closed.length;
      if (isUnsent) {
        expect((await handle.result()).jobId).toBe('task_1');
      } else {
        await bed.env.sleep(50 * hourMs);
        await handle.terminate();
      }
      expect(activities.closed).toHaveLength(before + 1);
      expect(activities.closed.at(-1)).toBe(handle.workflowId);
    });
    expect(activities.submits).toHaveLength(isUnsent ? 2 : 1);
  });

  test('that a person abandons while its claim is looked for is not retried', async () => {
    let answer: ((isUnsent: boolean) => void) | undefined;
    let isDown = true;
    const unsent: Script['unsent'] = () =>
      isDown
        ? Promise.reject(new Error('down'))
        : new Promise((resolve) => {
            answer = resolve;
          });
    const activities = fakes({ ask: () => granted, submit: noAnswer, unsent });
    const ended = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, () => activities.closed.length > 0);
      await bed.env.sleep(31 * minuteMs);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      isDown = false;
      const skipped = bed.env.sleep(10 * minuteMs);
      await untilStatus(handle, () => answer !== undefined);
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'abandon' }] });
      answer?.(true);
      await skipped;
      return failureOf(handle.result());
    });
    expect(ended).toMatchObject({ type: 'abandoned' });
    expect(activities.submits).toHaveLength(1);
  });

  test('time after time fails in the end, billed: no', async () => {
    const activities = fakes({ ask: () => granted, submit: noAnswer, unsent: () => true });
    const ended = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(ended).toMatchObject({ type: 'worker_lost', details: [{ billed: 'no' }] });
    expect(new Set(activities.closed).size).toBe(13);
  });

  test('after a person has resubmitted is no longer "billed: no"', async () => {
    const submit: Script['submit'] = (_, count) =>
      count === 1 ? Promise.reject(submitFailure({})) : noAnswer();
    const activities = fakes({ ask: () => granted, submit, unsent: () => true });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'resubmit' }] });
      const { billed } = await untilStatus(handle, ({ retrying }) => retrying !== undefined);
      expect(billed).toBe('maybe');
      await handle.terminate();
    });
  });
});

test('a submit whose claim key was closed by a later one continues under the later key, and the job of that key is delivered', async () => {
  const submit: Script['submit'] = async ({ claimKey }) => {
    if (claimKey.endsWith('/resubmit-2')) {
      return accepted('task_2', await bed.env.currentTimeMs());
    }
    const left = { kind: 'worker_lost', outcome: 'not_accepted', held: true } as const;
    throw submitFailure({ ...left, closedKey: true });
  };
  const activities = fakes({ submit });
  const result = await bed.with(activities, async () => (await start(bed.env)).result());
  expect(result.jobId).toBe('task_2');
});

test('a submit timeout above the allowed maximum is refused before a slot is requested', async () => {
  const activities = fakes();
  const given = { ...input, submitTimeoutMs: maxSubmitTimeoutMs + 1 };
  const ended = await bed.with(activities, async () =>
    failureOf((await start(bed.env, given)).result()),
  );
  expect(ended).toMatchObject({ type: 'invalid_request', details: [{ billed: 'no' }] });
  expect(activities.asks).toEqual([]);
});
