import { describe, expect, test } from 'vitest';
import { recordHistory } from './history.ts';
import { playing } from './requests.ts';
import { createHarness, untilPhase } from './harness.ts';

const withToken = { GATEWAY_ACCESS_TOKEN: 'at-sandbox', GATEWAY_USER_ID: '1' };

describe('a submit whose answer is lost, with access to the task log of the gateway', () => {
  test('is found there by model, prompt and time, and delivered: one POST, and no person is needed', async () => {
    await using harness = await createHarness({ scenario: 'reconcile=prompt' });
    await harness.startWorker(withToken);
    const { videoId } = await harness.client.start(playing('submit-drop-after-body'));
    const status = await untilPhase(harness, videoId, ['stored']);
    expect(status.jobId).toBe(harness.gateway.ledger.paidJobs[0]?.jobId);
    expect(harness.gateway.ledger.posts).toHaveLength(1);
    await recordHistory(harness, videoId, 'reconciled');
  });

  test('is only shown as a candidate if the log keeps no prompts', async () => {
    await using harness = await createHarness();
    await harness.startWorker(withToken);
    const { videoId } = await harness.client.start(playing('submit-drop-after-body'));
    await untilPhase(harness, videoId, ['unresolved']);
    await expect
      .poll(async () => (await harness.client.status(videoId)).unresolved?.candidates, {
        timeout: 20_000,
      })
      .toEqual(harness.gateway.ledger.paidJobs.map(({ jobId }) => jobId));
    expect((await harness.client.status(videoId)).phase).toBe('unresolved');
  });
});

test('a video that a person keeps is no longer waited for, and is stored', async () => {
  await using harness = await createHarness();
  await harness.startWorker();
  const { videoId } = await harness.client.start(playing('dl-ok'));
  await untilPhase(harness, videoId, ['queued', 'running']);
  expect(await harness.client.keep(videoId)).toMatchObject({ outcome: 'kept', billed: 'yes' });
  await untilPhase(harness, videoId, ['stored']);
});
