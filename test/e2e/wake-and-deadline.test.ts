import { expect, test } from 'vitest';
import { recordHistory } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { chooseScenario, setStage, until, untilPhase } from './stage.ts';

test('a signal wakes the poll: the video is delivered long before the schedule would have polled', async () => {
  await using stage = await setStage();
  await stage.startWorker({ POLL_SPEED: '0.01' });
  const { videoId } = await stage.client.start(astronaut);
  await untilPhase(stage, videoId, ['queued']);
  const handle = stage.temporal.workflow.getHandle(videoId);
  await until('the video', async () => {
    await handle.signal('videoJobEvent', { source: 'test' });
    return (await stage.client.wait(videoId, { timeoutMs: 2_000 })).outcome === 'stored';
  });
  expect(stage.gateway.ledger.paidJobs).toHaveLength(1);
});

test('a passed deadline is no failure: waiters get the status, and the run stays open and delivers the late video', async () => {
  await using stage = await setStage({ scenario: 'poll-never-finishes' });
  await stage.startWorker();
  const { videoId } = await stage.client.start(playing('dl-ok'), { deadlineMs: 4_000 });
  expect(await stage.client.wait(videoId)).toMatchObject({ outcome: 'pending', reason: 'overdue' });
  expect((await stage.client.start(playing('dl-ok'))).outcome).toBe('joined');
  await chooseScenario(stage, 'poll-envelope');
  await untilPhase(stage, videoId, ['stored']);
  expect(stage.gateway.ledger.posts).toHaveLength(1);
  await recordHistory(stage, videoId, 'overdue-then-stored');
});
