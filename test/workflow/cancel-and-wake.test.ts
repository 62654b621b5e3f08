import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { VideoStatus } from '../../src/contract/messages.ts';
import {
  fakeActivities,
  hourMs,
  minuteMs,
  onePerFile,
  pending,
  start,
  startTestBed,
  submitFailure,
  untilStatus,
  type FakeActivities,
  type Script,
} from './harness.ts';

const bed = onePerFile(startTestBed);
const now = () => bed.env.currentTimeMs();
const fakes = (script?: Script) => fakeActivities(now, script);

async function cancelIn(phase: VideoStatus['phase'], activities: FakeActivities) {
  return bed.with(activities, async () => {
    const handle = await start(bed.env);
    await untilStatus(handle, (status) => status.phase === phase);
    await handle.cancel();
    const error: unknown = await handle.result().catch((reason: unknown) => reason);
    if (!(error instanceof WorkflowFailedError))
      throw new Error('The workflow did not end cancelled');
    expect(error.cause).toBeInstanceOf(CancelledFailure);
    return handle.query<VideoStatus>('videoStatus');
  });
}

describe('a cancellation', () => {
  test('during a back-off ends the run as cancelled: the job keeps running and stays billed', async () => {
    const status = await cancelIn(
      'queued',
      fakes({ poll: () => Promise.reject(pending(10 * minuteMs)) }),
    );
    expect(status.cancellation).toEqual({
      outcome: 'watching_stopped',
      billed: 'yes',
      jobId: 'task_1',
    });
  });

  test('of an unresolved submit reports billed: maybe', async () => {
    const status = await cancelIn(
      'unresolved',
      fakes({ submit: () => Promise.reject(submitFailure({})) }),
    );
    expect(status.cancellation).toEqual({ outcome: 'watching_stopped', billed: 'maybe' });
  });

  test('during the back-off of a submit that was not accepted reports billed: no', async () => {
    const activities = fakes({
      submit: () =>
        Promise.reject(
          submitFailure({
            kind: 'rate_limited',
            outcome: 'not_accepted',
            billed: 'no',
            retryAfterMs: hourMs,
          }),
        ),
    });
    const status = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ retrying }) => retrying !== undefined);
      await handle.cancel();
      await handle.result().catch(() => {});
      return handle.query<VideoStatus>('videoStatus');
    });
    expect(status.cancellation).toEqual({ outcome: 'stopped_before_spend', billed: 'no' });
  });
});

describe('signal videoJobEvent', () => {
  test('wakes the poll, which polls at once', async () => {
    const activities = fakes({
      poll: async (given) => {
        if (given.askNow !== true) throw pending(20 * minuteMs);
        return { state: 'succeeded', askedAt: await bed.env.currentTimeMs() };
      },
    });
    const result = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'queued');
      await handle.signal('videoJobEvent', { source: 'test' });
      return handle.result();
    });
    expect(result.jobId).toBe('task_1');
  });

  test('cannot mark a job as done by its payload', async () => {
    const activities = fakes({ poll: () => Promise.reject(pending(10 * minuteMs)) });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'queued');
      await handle.signal('videoJobEvent', { status: 'completed', jobId: 'task_evil' });
      await untilStatus(handle, () => activities.polls.some((poll) => poll.askNow === true));
      expect((await handle.query<VideoStatus>('videoStatus')).phase).toBe('queued');
      await handle.terminate();
    });
    expect(activities.deliveries).toHaveLength(0);
  });

  test('in a burst costs a bounded number of events', async () => {
    const activities = fakes({ poll: () => Promise.reject(pending(10 * minuteMs)) });
    const events = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'queued');
      for (let count = 0; count < 30; count += 1) await handle.signal('videoJobEvent');
      await untilStatus(handle, () => activities.polls.some((poll) => poll.askNow === true));
      await handle.cancel();
      await handle.result().catch(() => {});
      const history = await handle.fetchHistory();
      return history.events?.filter((event) => event.activityTaskScheduledEventAttributes) ?? [];
    });
    expect(events.length).toBeLessThan(10);
  });

  test('every 2 s wakes the poll at most once per beat, and costs 4 events per signal besides the wake', async () => {
    const [signals, everyMs] = [450, 2_000];
    const activities = fakes({ poll: () => Promise.reject(pending(10 * minuteMs)) });
    const { events, beats } = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'queued');
      const begun = await now();
      for (let count = 0; count < signals; count += 1) {
        await handle.signal('videoJobEvent', { source: 'chatty' });
        await bed.env.sleep(everyMs);
      }
      const beatCount = ((await now()) - begun) / 15_000;
      const history = await handle.fetchHistory();
      await handle.terminate();
      return { events: history.events?.length ?? 0, beats: beatCount };
    });
    const wakes = activities.polls.filter((poll) => poll.askNow === true).length;
    expect(wakes).toBeGreaterThan(beats / 2);
    expect(wakes).toBeLessThanOrEqual(beats + 1);
    // The server takes 10,000 signals of a run and 51,200 events of its history.
    expect(events).toBeLessThanOrEqual(60 + 4 * signals + 20 * wakes);
  }, 120_000);
});
