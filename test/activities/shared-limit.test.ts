import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { activityStage, detailsOf, failureOf } from '../fakes/activity-stage.ts';
import { input, submitStage } from './submit-stage.ts';

const throttled = new GatewayError('rate_limited', 'Too many', {
  submitOutcome: 'not_accepted',
  retryAfterMs: 7_000,
});

describe('a 429', () => {
  test('holds back the other submits on the key, without a POST', async () => {
    const stage = await submitStage({ submit: [throttled, { jobId: 'task_2' }] });
    await failureOf(activityStage().run(stage.submitVideo, input));
    const other = { ...input, claimKey: 'video/other' };
    const failure = await failureOf(activityStage().run(stage.submitVideo, other));
    expect(detailsOf(failure)).toMatchObject({ held: true, outcome: 'not_accepted', billed: 'no' });
    expect(stage.gateway.submitted).toHaveLength(1);
  });

  test('says nothing about a key that has paid: its claim answers', async () => {
    const { submitVideo, gateway } = await submitStage({
      submit: [{ jobId: 'task_1' }, throttled],
    });
    await activityStage().run(submitVideo, input);
    const other = { ...input, claimKey: 'video/other' };
    await failureOf(activityStage().run(submitVideo, other));
    expect(await activityStage().run(submitVideo, input)).toMatchObject({ foundInClaim: true });
    expect(gateway.submitted).toHaveLength(2);
  });

  test('hands on how long the gateway asked to wait', async () => {
    const { submitVideo } = await submitStage({ submit: [throttled] });
    const failure = await failureOf(activityStage().run(submitVideo, input));
    expect(detailsOf(failure).retryAfterMs).toBe(7_000);
  });
});
