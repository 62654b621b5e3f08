import { describe, expect, test } from 'vitest';
import { recordHistory } from './history.ts';
import { playing } from './requests.ts';
import { setStage, untilPhase } from './stage.ts';

const withToken = { GATEWAY_ACCESS_TOKEN: 'at-sandbox', GATEWAY_USER_ID: '1' };

describe('a submit whose answer is lost, with access to the task log of the gateway', () => {
  test('is found there by model, prompt and time, and delivered: one POST, and no person is needed', async () => {
    await using stage = await setStage({ scenario: 'reconcile=prompt' });
    await stage.startWorker(withToken);
    const { videoId } = await stage.client.start(playing('submit-drop-after-body'));
    const status = await untilPhase(stage, videoId, ['stored']);
    expect(status.jobId).toBe(stage.gateway.ledger.paidJobs[0]?.jobId);
    expect(stage.gateway.ledger.posts).toHaveLength(1);
    await recordHistory(stage, videoId, 'reconciled');
  });

  test('is only shown as a candidate if the log keeps no prompts', async () => {
    await using stage = await setStage();
    await stage.startWorker(withToken);
    const { videoId } = await stage.client.start(playing('submit-drop-after-body'));
    await untilPhase(stage, videoId, ['unresolved']);
    await expect
      .poll(async () => (await stage.client.status(videoId)).unresolved?.candidates, {
        timeout: 20_000,
      })
      .toEqual(stage.gateway.ledger.paidJobs.map(({ jobId }) => jobId));
    expect((await stage.client.status(videoId)).phase).toBe('unresolved');
  });
});

test('a video that a person keeps is no longer waited for, and is stored', async () => {
  await using stage = await setStage();
  await stage.startWorker();
  const { videoId } = await stage.client.start(playing('dl-ok'));
  await untilPhase(stage, videoId, ['queued', 'running']);
  expect(await stage.client.keep(videoId)).toMatchObject({ outcome: 'kept', billed: 'yes' });
  await untilPhase(stage, videoId, ['stored']);
});
