import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { AdmissionTicket, SubmittedVideo } from '../../src/contract/activities.ts';
import type { Cancellation, VideoStatus } from '../../src/contract/messages.ts';
import {
  accepted,
  fakeActivities,
  hourMs,
  input,
  onePerFile,
  pending,
  start,
  startTestBed,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const bed = onePerFile(() => startTestBed());
const fakes = (script?: Script) => fakeActivities(() => bed.env.currentTimeMs(), script);

type Handle = Awaited<ReturnType<typeof start>>;
const keep = (handle: Handle) =>
  handle.executeUpdate<Cancellation, [{ keep: true }]>('cancelVideo', { args: [{ keep: true }] });

const stopped = { outcome: 'stopped_before_spend', billed: 'no' };
const noSlot: AdmissionTicket = { outcome: 'waiting', message: 'no slot', retryAfterMs: hourMs };
const busy = { kind: 'no_channel', outcome: 'not_accepted', billed: 'no' } as const;

async function endOf(handle: Handle) {
  const error: unknown = await handle.result().catch((reason: unknown) => reason);
  if (!(error instanceof WorkflowFailedError)) throw new Error('The run did not fail');
  return { cause: error.cause, status: await handle.query<VideoStatus>('videoStatus') };
}

describe('a video that is kept before anything was sent is never sent, and ends as cancelled', () => {
  test.each<[string, Script, (status: VideoStatus) => boolean]>([
    ['waits for a slot', { ask: () => noSlot }, ({ phase }) => phase === 'waiting'],
    [
      'requests admission',
      { ask: () => Promise.reject(new Error('the worker is gone')) },
      ({ phase }) => phase === 'submitting',
    ],
    [
      'is in back-off',
      { submit: () => Promise.reject(submitFailure({ ...busy, retryAfterMs: hourMs })) },
      ({ retrying }) => retrying !== undefined,
    ],
  ])('while it %s', async (_, script, isReached) => {
    const activities = fakes(script);
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, isReached);
      const posts = activities.submits.length;
      expect(await keep(handle)).toEqual(stopped);
      const { cause, status } = await endOf(handle);
      expect(cause).toBeInstanceOf(CancelledFailure);
      expect(status).toMatchObject({ phase: 'cancelled', billed: 'no', cancellation: stopped });
      expect(activities.submits).toHaveLength(posts);
    });
  });
});

test('a video with other waiters continues for them, also if one waiter keeps it before anything was sent', async () => {
  const activities = fakes({ ask: (_, count) => (count === 1 ? noSlot : { outcome: 'claimed' }) });
  await bed.with(activities, async () => {
    const handle = await start(bed.env, { ...input, waiterId: 'first' });
    await untilStatus(handle, ({ phase }) => phase === 'waiting');
    await handle.signal('joinVideo', { waiterId: 'second' });
    expect(await keep(handle)).toMatchObject({ outcome: 'kept' });
    await handle.signal('admissionTurn');
    expect((await handle.result()).jobId).toBe('task_1');
  });
});

describe('a video that is kept during its POST', () => {
  async function keptInPost(end: () => Promise<SubmittedVideo>, script: Script = {}) {
    let letEnd = () => {};
    const asked = new Promise<void>((resolve) => {
      letEnd = resolve;
    });
    const submit: Script['submit'] = async () => {
      await asked;
      return end();
    };
    const activities = fakes({ ...script, submit });
    return bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, () => activities.submits.length === 1);
      const update = await handle.startUpdate<Cancellation, [{ keep: true }]>('cancelVideo', {
        args: [{ keep: true }],
        waitForStage: 'ACCEPTED',
      });
      letEnd();
      return { kept: await update.result(), handle, activities };
    });
  }

  test('is stored if the POST is accepted', async () => {
    const { kept, handle } = await keptInPost(async () =>
      accepted('task_1', await bed.env.currentTimeMs()),
    );
    expect(kept).toEqual({ outcome: 'kept', billed: 'yes', jobId: 'task_1' });
    expect((await handle.result()).jobId).toBe('task_1');
  });

  test('is not sent again if the POST is not accepted', async () => {
    const { kept, handle, activities } = await keptInPost(() =>
      Promise.reject(submitFailure(busy)),
    );
    expect(kept).toEqual(stopped);
    expect((await endOf(handle)).status.phase).toBe('cancelled');
    expect(activities.submits).toHaveLength(1);
  });

  test('starts again for a waiter who joined before the POST was not accepted', async () => {
    let letEnd = () => {};
    const asked = new Promise<void>((resolve) => {
      letEnd = resolve;
    });
    const activities = fakes({
      submit: async (_, count) => {
        if (count > 1) return accepted('task_2', await bed.env.currentTimeMs());
        await asked;
        throw submitFailure(busy);
      },
    });
    await bed.with(activities, async () => {
      const handle = await start(bed.env, { ...input, waiterId: 'first' });
      await untilStatus(handle, () => activities.submits.length === 1);
      const kept = await handle.startUpdate<Cancellation, [{ keep: true }]>('cancelVideo', {
        args: [{ keep: true }],
        waitForStage: 'ACCEPTED',
      });
      await handle.signal('joinVideo', { waiterId: 'second' });
      letEnd();
      expect(await kept.result()).toEqual(stopped);
      expect(await handle.result()).toMatchObject({ jobId: 'task_2' });
    });
    expect(activities.submits).toHaveLength(2);
  });

  test('fails as refused, and not as kept, if the POST is refused', async () => {
    const { kept, handle } = await keptInPost(() =>
      Promise.reject(submitFailure({ kind: 'moderation', outcome: 'refused', billed: 'no' })),
    );
    expect(kept).toEqual(stopped);
    expect((await endOf(handle)).status.phase).toBe('failed');
  });

  test('stays unresolved for a decision, and is kept, if the response is lost', async () => {
    const { kept, handle } = await keptInPost(() => Promise.reject(submitFailure({})));
    expect(kept).toEqual({ outcome: 'kept', billed: 'maybe' });
    await untilStatus(handle, ({ phase }) => phase === 'unresolved');
    await handle.executeUpdate('resolveSubmission', {
      args: [{ action: 'adopt', jobId: 'task_9' }],
    });
    expect((await handle.result()).jobId).toBe('task_9');
  });

  test('is not sent again if its worker died before it sent anything', async () => {
    const { kept, activities } = await keptInPost(
      () => Promise.reject(ApplicationFailure.nonRetryable('x')),
      { unsent: () => true },
    );
    expect(kept).toEqual(stopped);
    expect(activities.submits).toHaveLength(1);
  });
});

test('a video that is kept while its job runs is stored, and its status reports that it was kept', async () => {
  let isDone = false;
  const poll: Script['poll'] = async () => {
    if (!isDone) throw pending(1_000);
    return { state: 'succeeded', askedAt: await bed.env.currentTimeMs() };
  };
  const status = await bed.with(fakes({ poll }), async () => {
    const handle = await start(bed.env);
    await untilStatus(handle, ({ phase }) => phase === 'queued');
    expect(await keep(handle)).toMatchObject({ outcome: 'kept', billed: 'yes' });
    isDone = true;
    await handle.result();
    return handle.query<VideoStatus>('videoStatus');
  });
  expect(status).toMatchObject({ phase: 'stored', cancellation: { outcome: 'kept' } });
});
