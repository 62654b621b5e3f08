import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterEach, describe, expect, test } from 'vitest';
import { messageNames, type GenerateVideoInput } from '../../src/contract/messages.ts';
import type { AnnounceEventInput } from '../../src/contract/webhook.ts';
import { startDelivery } from '../../src/webhooks/start-delivery.ts';
import { bundledWorkflows } from '../support/workflow-bundle.ts';
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
    announceEvent: async (given: AnnounceEventInput) => {
      const { isLocal } = Context.current().info;
      await announce({ ...given, isLocal });
      announced.push({ ...given, isLocal });
    },
  }),
);

afterEach(() => {
  announced.length = 0;
  announce = async () => {};
});

type Run = Awaited<ReturnType<typeof start>>;

/** Plays a video to its end, replays its history, and returns the run. */
async function play(
  { input: more, ...script }: Script & { input?: Partial<GenerateVideoInput> },
  act: (run: Run) => Promise<unknown> = async () => {},
) {
  const activities = fakeActivities(() => bed.env.currentTimeMs(), script);
  return bed.with(activities, async () => {
    const run = await start(bed.env, { ...input, ...more });
    await act(run);
    await run.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
    await replay(run);
    return { run, activities };
  });
}

async function replay({ workflowId, firstExecutionRunId }: Run): Promise<void> {
  const first = bed.env.client.workflow.getHandle(workflowId, firstExecutionRunId);
  const history = await first.fetchHistory();
  await Worker.runReplayHistory(await bundledWorkflows(), history, workflowId);
}

const store = () => ({ ...storedVideo, announce: true as const });
const types = () => announced.map(({ type, occurrence }) => `${type} ${occurrence}`);
const waitLong = () => Promise.reject(pending(10 * minuteMs));

describe('a video', () => {
  test('that completes is announced if the delivery reported endpoints, and its result does not say so', async () => {
    const { run } = await play({ store });
    expect(announced).toEqual([
      {
        type: 'video.completed',
        workflowId: run.workflowId,
        firstRunId: run.firstExecutionRunId,
        occurrence: 0,
        occurredAt: expect.any(Number),
        sinceMs: expect.any(Number),
        isLocal: true,
      },
    ]);
    expect(await run.result()).toMatchObject({ video: storedVideo });
    expect((await run.result()).video).not.toHaveProperty('announce');
  });

  test('that completes without endpoints has no trace of webhooks in its history', async () => {
    const { run } = await play({});
    expect(announced).toEqual([]);
    expect(JSON.stringify(await run.fetchHistory())).not.toContain('announce');
  });

  test('that was stored before is announced if the submit reported endpoints', async () => {
    const submit = async () => ({
      ...accepted('task_1', await bed.env.currentTimeMs()),
      foundInClaim: true,
      stored: storedVideo,
      announce: true as const,
    });
    await play({ submit });
    expect(types()).toEqual(['video.completed 0']);
  });

  test('that fails is announced', async () => {
    await play({
      submit: () => Promise.reject(submitFailure({ outcome: 'refused', billed: 'no' })),
    });
    expect(types()).toEqual(['video.failed 0']);
  });

  test('is announced each time it becomes unresolved', async () => {
    const submit = () => Promise.reject(submitFailure({}));
    const reconcile = () => ({ ...nothingFound, worthRepeating: false });
    await play({ submit, reconcile }, async (run) => {
      const decide = (action: string) =>
        run.executeUpdate(messageNames.resolveSubmission, { args: [{ action }] });
      await untilStatus(run, () => announced.length === 1);
      await decide('resubmit');
      await untilStatus(run, () => announced.length === 2);
      await decide('abandon');
    });
    expect(types()).toEqual(['video.unresolved 0', 'video.unresolved 1', 'video.failed 0']);
  });

  test('is announced once when it becomes overdue', async () => {
    const poll: Script['poll'] = async ({ overdue }) =>
      overdue ? { state: 'succeeded', askedAt: await bed.env.currentTimeMs() } : waitLong();
    await play({ poll, store, input: { deadlineMs: hourMs } });
    expect(types()).toEqual(['video.overdue 0', 'video.completed 0']);
  });

  test('that is cancelled is announced, although the run is cancelled', async () => {
    const { run } = await play({ poll: waitLong }, async (running) => {
      await untilStatus(running, ({ phase }) => phase === 'queued');
      await running.cancel();
    });
    expect(types()).toEqual(['video.cancelled 0']);
    expect((await run.describe()).status.name).toBe('CANCELLED');
  });
});

describe('an announcement that fails', () => {
  test('does not fail or hold the video: another run makes it, with the same event', async () => {
    announce = async ({ isLocal }) => {
      if (isLocal) throw ApplicationFailure.retryable('the storage is gone');
    };
    const { run } = await play({ store });
    expect((await run.describe()).status.name).toBe('COMPLETED');
    const later = bed.env.client.workflow.getHandle(
      `webhook-event/${run.firstExecutionRunId}/video.completed/0`,
    );
    await later.result();
    expect(announced).toEqual([
      expect.objectContaining({ isLocal: false, firstRunId: run.firstExecutionRunId }),
    ]);
  });
});

test('a server without standalone activities delivers by a workflow of the same id, once', async () => {
  const activities = fakeActivities(() => bed.env.currentTimeMs());
  await bed.with(activities, async () => {
    const event = {
      id: 'evt_1',
      object: 'event',
      type: 'webhook.test',
      created_at: 1,
      data: { id: 'we_1', object: 'webhook_endpoint' },
    } as const;
    const delivery = { event, endpointId: 'we_1' };
    const { id, isNew } = await startDelivery(bed.env.client, delivery);
    expect([id, isNew]).toEqual(['webhook/evt_1/we_1', true]);
    expect((await startDelivery(bed.env.client, delivery)).isNew).toBe(false);
    const run = bed.env.client.workflow.getHandle(id);
    expect(await run.result()).toEqual({ status: 204, attempts: 1 });
    expect((await startDelivery(bed.env.client, delivery)).isNew).toBe(false);
  });
});
