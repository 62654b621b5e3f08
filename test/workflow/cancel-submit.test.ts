import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { SubmitFailure, SubmittedVideo } from '../../src/contract/activities.ts';
import type { VideoStatus } from '../../src/contract/messages.ts';
import {
  accepted,
  fakeActivities,
  onePerFile,
  start,
  startTestBed,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const bed = onePerFile(startTestBed);

const stopped = { outcome: 'stopped_before_spend', billed: 'no' };
const maybePaid = { outcome: 'watching_stopped', billed: 'maybe' };

/** Cancels in the middle of a submit, and lets it end only then. */
async function cancelledInSubmit(end: () => Promise<SubmittedVideo> | SubmittedVideo) {
  let letEnd = () => {};
  const cancelled = new Promise<void>((resolve) => {
    letEnd = resolve;
  });
  const submit: Script['submit'] = async () => {
    await cancelled;
    return end();
  };
  const activities = fakeActivities(() => bed.env.currentTimeMs(), { submit });
  return bed.with(activities, async () => {
    const handle = await start(bed.env);
    await untilStatus(handle, () => activities.submits.length === 1);
    await handle.cancel();
    await untilCancelRequested(handle);
    letEnd();
    const error: unknown = await handle.result().catch((reason: unknown) => reason);
    if (!(error instanceof WorkflowFailedError)) throw new Error('The run did not fail');
    expect(error.cause).toBeInstanceOf(CancelledFailure);
    expect(activities.submits).toHaveLength(1);
    return handle.query<VideoStatus>('videoStatus');
  });
}

/** The server knows that the activity is to be cancelled. */
async function untilCancelRequested(handle: Awaited<ReturnType<typeof start>>): Promise<void> {
  for (const until = Date.now() + 20_000; ;) {
    const { events } = await handle.fetchHistory();
    if (events?.some((event) => event.activityTaskCancelRequestedEventAttributes)) return;
    if (Date.now() > until) throw new Error('The cancellation never reached the submit');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const failing = (failure: Partial<SubmitFailure>) => () => Promise.reject(submitFailure(failure));
const busy = { kind: 'no_channel', outcome: 'not_accepted', billed: 'no' } as const;

describe('a cancel during a submit ends the run as cancelled, and reports what the submit cost', () => {
  test.each<[string, () => Promise<SubmittedVideo>, object]>([
    ['refused', failing({ kind: 'moderation', outcome: 'refused', billed: 'no' }), stopped],
    ['refused because it was paid for before', failing({ outcome: 'refused' }), maybePaid],
    ['not accepted', failing(busy), stopped],
    ['without a slot', failing({ ...busy, kind: 'rate_limited', waiting: true }), stopped],
    ['unknown', failing({}), maybePaid],
    ['broken', () => Promise.reject(ApplicationFailure.nonRetryable('x')), maybePaid],
  ])('when it is %s', async (_, end, cancellation) => {
    expect((await cancelledInSubmit(end)).cancellation).toEqual(cancellation);
  });

  test('when it is accepted: the job is named', async () => {
    const status = await cancelledInSubmit(async () =>
      accepted('task_1', await bed.env.currentTimeMs()),
    );
    expect(status).toMatchObject({
      jobId: 'task_1',
      cancellation: { outcome: 'watching_stopped', billed: 'yes', jobId: 'task_1' },
    });
  });

  test('when its outcome is unknown: the submit is shown, so that a person can look for its job', async () => {
    const status = await cancelledInSubmit(failing({ message: 'the answer was lost' }));
    expect(status.unresolved?.failure.message).toBe('the answer was lost');
  });
});
