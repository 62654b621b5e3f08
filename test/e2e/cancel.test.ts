import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VideoOutcome, VideoSnapshot } from '../../src/client.ts';
import { fetchEvents, millisecondsBetween, recordHistory } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { setStage, until, untilPhase, type Stage } from './stage.ts';

async function cancelled(stage: Stage, videoId: string) {
  await stage.client.cancel(videoId);
  const outcome: VideoOutcome = await stage.client.wait(videoId);
  if (outcome.outcome !== 'cancelled') throw new Error(`Not cancelled: ${JSON.stringify(outcome)}`);
  return outcome.cancellation;
}

async function startedIn(stage: Stage, scenario: string, phases: VideoSnapshot['phase'][]) {
  await stage.startWorker();
  const { videoId } = await stage.client.start(playing(scenario));
  await untilPhase(stage, videoId, phases);
  return videoId;
}

describe('a cancellation', () => {
  test('before any worker began the submit costs nothing, and the same request may be started again', async () => {
    await using stage = await setStage();
    await stage.startWorker({ WORKER_QUEUES: 'workflows' });
    const { videoId } = await stage.client.start(astronaut);
    await until('the submit to be scheduled', async () =>
      (await fetchEvents(stage, videoId)).some(
        (event) => event.activityTaskScheduledEventAttributes,
      ),
    );
    expect(await cancelled(stage, videoId)).toEqual({
      outcome: 'stopped_before_spend',
      billed: 'no',
    });
    expect(stage.gateway.ledger.posts).toHaveLength(0);
    expect((await stage.client.start(astronaut)).outcome).toBe('started');
  });

  test('during the POST waits for its outcome and names the job that keeps running', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const { videoId } = await stage.client.start(playing('submit-slow'));
    await until('the POST', () => stage.gateway.ledger.posts.length === 1);
    const cancellation = await cancelled(stage, videoId);
    const jobId = stage.gateway.ledger.paidJobs[0]?.jobId;
    expect(cancellation).toEqual({ outcome: 'watching_stopped', billed: 'yes', jobId });
  });

  test('during a back-off takes effect in less than 2 s of server time', async () => {
    await using stage = await setStage();
    const videoId = await startedIn(stage, 'poll-never-finishes', ['queued', 'running']);
    expect(await cancelled(stage, videoId)).toMatchObject({
      outcome: 'watching_stopped',
      billed: 'yes',
    });
    const events = await fetchEvents(stage, videoId);
    const asked = events.find((event) => event.workflowExecutionCancelRequestedEventAttributes);
    const ended = events.find((event) => event.workflowExecutionCanceledEventAttributes);
    expect(millisecondsBetween(asked, ended)).toBeLessThan(2_000);
    await recordHistory(stage, videoId, 'cancelled-in-back-off');
  });

  test('during the download leaves no unfinished file and reports that the video is billed', async () => {
    await using stage = await setStage();
    const videoId = await startedIn(stage, 'dl-hang', ['delivering']);
    await until('the download', () => stage.gateway.ledger.mediaRequests.length === 1);
    expect(await cancelled(stage, videoId)).toMatchObject({
      outcome: 'watching_stopped',
      billed: 'yes',
    });
    expect(await readdir(join(stage.env.STORAGE_URL, '.unfinished'))).toEqual([]);
  });

  test('requested twice while no worker is up takes effect once a worker starts', async () => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const { videoId } = await stage.client.start(playing('poll-never-finishes'));
    await untilPhase(stage, videoId, ['queued', 'running']);
    await worker.kill();
    await stage.client.cancel(videoId);
    await stage.client.cancel(videoId);
    await stage.startWorker();
    const cancellation = await cancelled(stage, videoId);
    expect(cancellation).toMatchObject({ outcome: 'watching_stopped', billed: 'yes' });
  });

  test('of an overdue video names the job that may still be delivered', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const request = playing('poll-never-finishes');
    const { videoId } = await stage.client.start(request, { deadlineMs: 3_000 });
    await untilPhase(stage, videoId, ['overdue']);
    const jobId = stage.gateway.ledger.paidJobs[0]?.jobId;
    const cancellation = await cancelled(stage, videoId);
    expect(cancellation).toEqual({ outcome: 'watching_stopped', billed: 'yes', jobId });
  });

  test('of an unresolved submit reports billed: maybe, and a second start is refused', async () => {
    await using stage = await setStage();
    const videoId = await startedIn(stage, 'submit-drop-after-body', ['unresolved']);
    expect(await cancelled(stage, videoId)).toEqual({
      outcome: 'watching_stopped',
      billed: 'maybe',
    });
    const again = stage.client.start(playing('submit-drop-after-body'));
    await expect(again).rejects.toMatchObject({ kind: 'may_be_billed' });
    expect(stage.gateway.ledger.posts).toHaveLength(1);
  });
});
