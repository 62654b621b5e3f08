import { expect, test } from 'vitest';
import { recordHistory } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { chooseScenario, createHarness, until, untilPhase } from './harness.ts';

test('a signal wakes the poll: the video is delivered long before the schedule would have polled', async () => {
  await using harness = await createHarness();
  await harness.startWorker({ POLL_SPEED: '0.01' });
  const { videoId } = await harness.client.start(astronaut);
  await untilPhase(harness, videoId, ['queued']);
  const handle = harness.temporal.workflow.getHandle(videoId);
  await until('the video', async () => {
    await handle.signal('videoJobEvent', { source: 'test' });
    return (await harness.client.wait(videoId, { timeoutMs: 2_000 })).outcome === 'stored';
  });
  expect(harness.gateway.ledger.paidJobs).toHaveLength(1);
});

test('a passed deadline is no failure: waiters get the status, and the run stays open and delivers the late video', async () => {
  await using harness = await createHarness({ scenario: 'poll-never-finishes' });
  await harness.startWorker();
  const { videoId } = await harness.client.start(playing('dl-ok'), { deadlineMs: 4_000 });
  expect(await harness.client.wait(videoId)).toMatchObject({
    outcome: 'pending',
    reason: 'overdue',
  });
  expect((await harness.client.start(playing('dl-ok'))).outcome).toBe('joined');
  await chooseScenario(harness, 'poll-envelope');
  await untilPhase(harness, videoId, ['stored']);
  expect(harness.gateway.ledger.posts).toHaveLength(1);
  await recordHistory(harness, videoId, 'lean-overdue-then-stored');
});
