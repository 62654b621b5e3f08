import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { gatewayBeatMs } from '../../../src/contract/poll-delay.ts';
import { createWakeRun } from '../../../src/worker/hooks/wake-run.ts';

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

const now = 1_700_000_000_000;
const waiting: Pending = {
  activityId: '7',
  activityType: { name: 'awaitVideoChange' },
  state: 1,
  nextAttemptScheduleTime: msNumberToTs(now + 30_000),
};
const running: Pending = { activityId: '7', activityType: { name: 'awaitVideoChange' }, state: 2 };

interface Setting {
  pending?: Pending[];
  closed?: boolean;
  known?: boolean;
  resets?: boolean;
}

/** A server with one run, which counts what it is asked for. */
function server({ pending = [], closed = false, known = true, resets = true }: Setting) {
  const calls: string[] = [];
  const client = {
    options: { namespace: 'default', identity: 'test' },
    withDeadline: (_: number, run: () => Promise<unknown>) => run(),
    workflow: {
      getHandle: (videoId: string) => ({
        describe: async () => {
          if (!known) throw new WorkflowNotFoundError('No such run', videoId, undefined);
          return {
            runId: 'run',
            raw: { pendingActivities: pending },
            ...(closed && { closeTime: new Date(now) }),
          };
        },
        signal: async (name: string) => void calls.push(`signal ${name}`),
      }),
    },
    workflowService: {
      resetActivity: async ({ id, execution }: { id: string; execution: { runId: string } }) => {
        if (!resets) throw Object.assign(new Error('Unimplemented'), { code: 12 });
        calls.push(`reset ${execution.runId}/${id}`);
      },
    },
  };
  let at = now;
  const wake = createWakeRun({ client: client as unknown as Client, now: () => at });
  return {
    calls,
    wake: (jobId = 'task_1') => wake('video/a', { jobId, source: 'test' }),
    pass: (ms: number) => {
      at += ms;
    },
  };
}

describe('an event of the gateway', () => {
  test.each([
    ['waits for its time', waiting],
    [
      'is due in a moment, so that another one follows a beat later',
      { ...waiting, nextAttemptScheduleTime: msNumberToTs(now + 900) },
    ],
  ] satisfies [string, Pending][])('starts the attempt that %s', async (_name, pending) => {
    const { wake, calls } = server({ pending: [pending] });
    expect(await wake()).toBe(true);
    expect(calls).toEqual(['reset run/7']);
  });

  test.each([
    ['with a poll that is running', { pending: [running] }],
    ['with a poll that a person has paused', { pending: [{ ...waiting, paused: true }] }],
    ['that has not begun to poll', {}],
    ['on a server without that call', { pending: [waiting], resets: false }],
  ] satisfies [string, Setting][])('is a signal for a run %s', async (_name, setting) => {
    const { wake, calls } = server(setting);
    expect(await wake()).toBe(true);
    expect(calls).toEqual(['signal videoJobEvent']);
  });

  test('does nothing for a run that delivers', async () => {
    const delivery = { activityId: '9', activityType: { name: 'storeVideo' }, state: 2 };
    const { wake, calls } = server({ pending: [delivery] });
    expect(await wake()).toBe(true);
    expect(calls).toEqual([]);
  });

  test.each([
    ['has ended', { closed: true }],
    ['is not known', { known: false }],
  ] satisfies [string, Setting][])('for a run that %s is told so', async (_name, setting) => {
    const { wake, calls } = server(setting);
    expect(await wake()).toBe(false);
    expect(calls).toEqual([]);
  });

  test('causes one poll per job and beat: the next one comes a beat later in any case', async () => {
    const { wake, calls, pass } = server({ pending: [waiting] });
    const woken = await Promise.all(['task_1', 'task_1', 'task_2'].map((job) => wake(job)));
    expect(woken).toEqual([true, true, true]);
    expect(calls).toHaveLength(2);
    pass(gatewayBeatMs);
    await wake();
    expect(calls).toHaveLength(3);
  });
});
