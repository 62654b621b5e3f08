import { expect, test } from 'vitest';
import { onetakeJson } from './onetake.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { chooseScenario, createHarness, until } from './harness.ts';

const cat: VideoRequest = {
  format: 'generations',
  body: { model: 'kling-v1', prompt: 'a cat', size: '1280x720', duration: 5 },
};
const refused = 'poll-envelope-failure';

test('a video whose takes are refused by moderation is made again within its limit and the cap, paid once per take', async () => {
  await using harness = await createHarness({ scenario: refused });
  await harness.startWorker();
  // A take that was refunded frees the cap, so one video a day is enough for three takes of it.
  expect(await onetakeJson(harness, ['limits', 'set', '--videos-per-day', '1'])).toMatchObject({
    code: 0,
  });
  const retakes = { kinds: ['moderation'], max: 2 } as const;
  const { videoId } = await harness.client.start(cat, { retakes });
  await until('two refused takes', async () => {
    const { failedTakes = [] } = await harness.client.status(videoId);
    return failedTakes.length === 2;
  });
  await chooseScenario(harness, '');
  const outcome = await harness.client.wait(videoId, { timeoutMs: 60_000 });

  const { paidJobs, posts } = harness.gateway.ledger;
  expect(posts).toHaveLength(3);
  expect(paidJobs.map(({ refunded }) => refunded)).toEqual([true, true, false]);
  expect(outcome).toMatchObject({
    outcome: 'stored',
    result: { billed: 'yes', jobId: paidJobs[2]?.jobId },
  });
  // The cap is used up now: the next video is refused before anything is sent.
  const next = await harness.client.start({ ...cat, body: { ...cat.body, prompt: 'another cat' } });
  expect(await harness.client.wait(next.videoId, { timeoutMs: 60_000 })).toMatchObject({
    outcome: 'failed',
    failure: { kind: 'cap_exceeded', billed: 'no' },
  });
  expect(posts).toHaveLength(3);
}, 180_000);

test('a video whose takes are all refused fails after the last take that its limit allows', async () => {
  await using harness = await createHarness({ scenario: refused });
  await harness.startWorker();
  const args = ['generate', 'a cat', '--model', 'kling-v1', '--duration', '5'];
  const limit = ['--retakes', '1', '--retake-on', 'moderation'];
  const { code, json } = await onetakeJson(harness, [...args, ...limit]);
  expect(code).toBe(1);
  expect(json).toMatchObject({
    failure: { kind: 'task_failed', about: 'moderation', billed: 'no' },
  });
  expect(harness.gateway.ledger.paidJobs.map(({ refunded }) => refunded)).toEqual([true, true]);
}, 120_000);
