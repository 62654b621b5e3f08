import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VideoOutcome, VideoSnapshot } from '../../src/client.ts';
import { fetchEvents, millisecondsBetween, recordHistory } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

async function cancelled(harness: Harness, videoId: string) {
  await harness.client.cancel(videoId);
  const outcome: VideoOutcome = await harness.client.wait(videoId);
  if (outcome.outcome !== 'cancelled') throw new Error(`Not cancelled: ${JSON.stringify(outcome)}`);
  return outcome.cancellation;
}

async function startedIn(harness: Harness, scenario: string, phases: VideoSnapshot['phase'][]) {
  await harness.startWorker();
  const { videoId } = await harness.client.start(playing(scenario));
  await untilPhase(harness, videoId, phases);
  return videoId;
}

describe('a cancellation', () => {
  test('before any worker began the submit costs nothing, and the same request may be started again', async () => {
    await using harness = await createHarness();
    await harness.startWorker({ WORKER_QUEUES: 'workflows' });
    const { videoId } = await harness.client.start(astronaut);
    await until('the submit to be scheduled', async () =>
      (await fetchEvents(harness, videoId)).some(
        (event) => event.activityTaskScheduledEventAttributes,
      ),
    );
    expect(await cancelled(harness, videoId)).toEqual({
      outcome: 'stopped_before_spend',
      billed: 'no',
    });
    expect(harness.gateway.ledger.posts).toHaveLength(0);
    expect((await harness.client.start(astronaut)).outcome).toBe('started');
  });

  test('during the POST waits for its outcome and names the job that keeps running', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const { videoId } = await harness.client.start(playing('submit-slow'));
    await until('the POST', () => harness.gateway.ledger.posts.length === 1);
    const cancellation = await cancelled(harness, videoId);
    const jobId = harness.gateway.ledger.paidJobs[0]?.jobId;
    expect(cancellation).toEqual({ outcome: 'watching_stopped', billed: 'yes', jobId });
  });

  test('during a back-off takes effect in less than 2 s of server time', async () => {
    await using harness = await createHarness();
    const videoId = await startedIn(harness, 'poll-never-finishes', ['queued', 'running']);
    expect(await cancelled(harness, videoId)).toMatchObject({
      outcome: 'watching_stopped',
      billed: 'yes',
    });
    const events = await fetchEvents(harness, videoId);
    const asked = events.find((event) => event.workflowExecutionCancelRequestedEventAttributes);
    const ended = events.find((event) => event.workflowExecutionCanceledEventAttributes);
    expect(millisecondsBetween(asked, ended)).toBeLessThan(2_000);
    await recordHistory(harness, videoId, 'cancelled-in-back-off');
  });

  test('during the download leaves no unfinished file and reports that the video is billed', async () => {
    await using harness = await createHarness();
    const videoId = await startedIn(harness, 'dl-hang', ['delivering']);
    await until('the download', () => harness.gateway.ledger.mediaRequests.length === 1);
    expect(await cancelled(harness, videoId)).toMatchObject({
      outcome: 'watching_stopped',
      billed: 'yes',
    });
    expect(await readdir(join(harness.env.STORAGE_URL, '.unfinished'))).toEqual([]);
  });

  test('requested twice while no worker is up takes effect once a worker starts', async () => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const { videoId } = await harness.client.start(playing('poll-never-finishes'));
    await untilPhase(harness, videoId, ['queued', 'running']);
    await worker.kill();
    await harness.client.cancel(videoId);
    await harness.client.cancel(videoId);
    await harness.startWorker();
    const cancellation = await cancelled(harness, videoId);
    expect(cancellation).toMatchObject({ outcome: 'watching_stopped', billed: 'yes' });
  });

  test('of an overdue video names the job that may still be delivered', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const request = playing('poll-never-finishes');
    const { videoId } = await harness.client.start(request, { deadlineMs: 3_000 });
    await untilPhase(harness, videoId, ['overdue']);
    const jobId = harness.gateway.ledger.paidJobs[0]?.jobId;
    const cancellation = await cancelled(harness, videoId);
    expect(cancellation).toEqual({ outcome: 'watching_stopped', billed: 'yes', jobId });
  });

  test('of an unresolved submit reports billed: maybe, and a second start is refused', async () => {
    await using harness = await createHarness();
    const videoId = await startedIn(harness, 'submit-drop-after-body', ['unresolved']);
    expect(await cancelled(harness, videoId)).toEqual({
      outcome: 'watching_stopped',
      billed: 'maybe',
    });
    const again = harness.client.start(playing('submit-drop-after-body'));
    await expect(again).rejects.toMatchObject({ kind: 'may_be_billed' });
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });
});
