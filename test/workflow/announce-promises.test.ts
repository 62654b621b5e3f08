import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, describe, expect, test } from 'vitest';
import { messageNames } from '../../src/contract/messages.ts';
import type { AnnounceEventInput } from '../../src/contract/webhook.ts';
import {
  accepted,
  fakeActivities,
  hourMs,
  input,
  minuteMs,
  nothingFound,
  onePerFile,
  pending,
  start,
  startTestBed,
  storedVideo,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

interface Announced extends AnnounceEventInput {
  isLocal: boolean;
}

const announced: Announced[] = [];
let announce: (given: Announced) => Promise<void> = async () => {};
const bed = onePerFile(() =>
  startTestBed({
    announceEvent: async (input: AnnounceEventInput) => {
      const given = { ...input, isLocal: Context.current().info.isLocal };
      await announce(given);
      announced.push(given);
    },
  }),
);

afterEach(() => {
  announced.length = 0;
  announce = async () => {};
});

const fakes = (script: Script) => fakeActivities(() => bed.env.currentTimeMs(), script);
const url = 'https://hooks.example.com/cb';

test('the completion of a video with a callback_url is announced, also if an older worker stored it', async () => {
  await bed.with(fakes({}), async () => {
    await (await start(bed.env, { ...input, callbackUrls: [url] })).result();
    expect(announced.map(({ type, callbackUrls }) => [type, callbackUrls])).toEqual([
      ['video.completed', [url]],
    ]);
  });
});

describe('video.unresolved is announced', () => {
  const lost: Script = { submit: () => Promise.reject(submitFailure({})) };
  const abandon = async (run: Awaited<ReturnType<typeof start>>) => {
    await run.executeUpdate(messageNames.resolveSubmission, { args: [{ action: 'abandon' }] });
    await run.result().catch(() => {});
  };
  const times = () => announced.filter(({ type }) => type === 'video.unresolved').length;

  test('not for a submit that the first looks resolve', async () => {
    const adopted = { jobId: 'task_found', submittedAt: await bed.env.currentTimeMs() };
    const reconcile: Script['reconcile'] = (_, count) =>
      count < 3 ? nothingFound : { ...nothingFound, adopted };
    await bed.with(fakes({ ...lost, reconcile }), async () => {
      await (await start(bed.env)).result();
      expect(times()).toBe(0);
    });
  });

  test('after the look at 5 minutes, once, if each look finds nothing', async () => {
    const activities = fakes(lost);
    await bed.with(activities, async () => {
      const run = await start(bed.env);
      await untilStatus(run, ({ phase }) => phase === 'unresolved');
      await bed.env.sleep(2 * minuteMs);
      expect([times(), activities.looks.length]).toEqual([0, 3]);
      await bed.env.sleep(4 * minuteMs);
      expect([times(), activities.looks.length]).toEqual([1, 4]);
      await bed.env.sleep(5 * hourMs);
      expect([times(), activities.looks.length]).toEqual([1, 6]);
      await abandon(run);
    });
  });

  test('after the first look if there is no source to look in', async () => {
    const reconcile: Script['reconcile'] = () => ({ ...nothingFound, worthRepeating: false });
    const activities = fakes({ ...lost, reconcile });
    await bed.with(activities, async () => {
      const run = await start(bed.env);
      await untilStatus(run, ({ phase }) => phase === 'unresolved');
      await bed.env.sleep(10_000);
      expect([times(), activities.looks.length]).toEqual([1, 1]);
      await abandon(run);
    });
  });
});

test('video.overdue is announced once for each job that is overdue', async () => {
  const moderated = {
    kind: 'task_failed',
    about: 'moderation',
    message: 'm',
    billed: 'no',
  } as const;
  const waits: Record<string, number> = {};
  const script: Script = {
    submit: async (_, count) => accepted(`task_${count}`, await bed.env.currentTimeMs()),
    poll: async ({ job: { jobId }, overdue }) => {
      waits[jobId] = (waits[jobId] ?? 0) + 1;
      if (!overdue || waits[jobId] < 12) throw pending(10 * minuteMs);
      const askedAt = await bed.env.currentTimeMs();
      if (jobId === 'task_1') return { state: 'failed', failure: moderated, askedAt };
      return { state: 'succeeded', askedAt };
    },
  };
  const retakes = { kinds: ['moderation' as const], max: 1 };
  await bed.with(fakes(script), async () => {
    await (await start(bed.env, { ...input, retakes, deadlineMs: hourMs })).result();
    expect(announced.map(({ type, occurrence }) => `${type} ${occurrence}`)).toEqual([
      'video.overdue 0',
      'video.overdue 1',
    ]);
  });
});

// The last of its file: once a child has outlived its parent and ended, the time-skipping server skips no time any more.
test('a waiter that joins while the end is announced by another run is called as well', async () => {
  await bed.with(
    fakes({ store: () => ({ ...storedVideo, announce: true }) as never }),
    async () => {
      let isJoined = false;
      announce = async ({ isLocal, workflowId, callbackUrls }) => {
        if (!isLocal || callbackUrls) return;
        const run = bed.env.client.workflow.getHandle(workflowId);
        if (!isJoined) {
          isJoined = true;
          await run.signal(messageNames.joinVideo, { waiterId: 'ben', callbackUrl: url });
        }
        throw ApplicationFailure.retryable('the storage is gone');
      };
      const run = await start(bed.env);
      await run.result();
      const called = announced.filter(({ callbackUrls }) => callbackUrls?.includes(url));
      const events = called.map(({ type, occurrence }) => `${type} ${occurrence}`);
      // The server may repeat a task that announced, because of the join.
      expect([...new Set(events)]).toEqual(['video.completed 0']);
    },
  );
});
