import { describe, expect, test } from 'vitest';
import { limitOf } from '../../src/activities/submit/shared-limit.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { input, submitHarness } from './submit-harness.ts';

const throttled = new GatewayError('rate_limited', 'Too many', {
  submitOutcome: 'not_accepted',
  retryAfterMs: 7_000,
});

describe('a 429', () => {
  test('holds back the other submits on the key, without a POST', async () => {
    const harness = await submitHarness({ submit: [throttled, { jobId: 'task_2' }] });
    await failureOf(activityHarness().run(harness.submitVideo, input));
    const other = { ...input, claimKey: 'video/other' };
    const failure = await failureOf(activityHarness().run(harness.submitVideo, other));
    expect(detailsOf(failure)).toMatchObject({ held: true, outcome: 'not_accepted', billed: 'no' });
    expect(harness.gateway.submitted).toHaveLength(1);
  });

  test('tells the other submits what the gateway said', async () => {
    const saturated = new GatewayError('rate_limited', 'Too many', {
      submitOutcome: 'not_accepted',
      retryAfterMs: 7_000,
      gatewayMessage: '当前分组上游负载已饱和，请稍后再试',
    });
    const { submitVideo } = await submitHarness({ submit: [saturated] });
    await failureOf(activityHarness().run(submitVideo, input));
    const other = { ...input, claimKey: 'video/other' };
    const failure = await failureOf(activityHarness().run(submitVideo, other));
    expect(detailsOf(failure)).toMatchObject({
      held: true,
      gatewayMessage: '当前分组上游负载已饱和，请稍后再试',
    });
  });

  test('says nothing about a key that has paid: its claim answers', async () => {
    const { submitVideo, gateway } = await submitHarness({
      submit: [{ jobId: 'task_1' }, throttled],
    });
    await activityHarness().run(submitVideo, input);
    const other = { ...input, claimKey: 'video/other' };
    await failureOf(activityHarness().run(submitVideo, other));
    expect(await activityHarness().run(submitVideo, input)).toMatchObject({ foundInClaim: true });
    expect(gateway.submitted).toHaveLength(2);
  });

  test('hands on how long the gateway asked to wait', async () => {
    const { submitVideo } = await submitHarness({ submit: [throttled] });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure).retryAfterMs).toBe(7_000);
  });

  test('of a vendor holds back its model, and no healthy one', async () => {
    const saturated = new GatewayError('rate_limited', 'Saturated', {
      submitOutcome: 'not_accepted',
      httpStatus: 429,
      gatewayCode: 'fail_to_fetch_task',
    });
    const { submitVideo, gateway } = await submitHarness({
      submit: [saturated, { jobId: 'task_2' }],
    });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({ limit: 'model' });
    const same = { ...input, claimKey: 'video/same-model' };
    expect(detailsOf(await failureOf(activityHarness().run(submitVideo, same)))).toMatchObject({
      held: true,
      limit: 'model',
    });
    const body = { ...input.request.body, model: 'vidu-2' };
    const healthy = { ...input, claimKey: 'video/healthy', request: { ...input.request, body } };
    expect(await activityHarness().run(submitVideo, healthy)).toMatchObject({ jobId: 'task_2' });
    expect(gateway.submitted).toHaveLength(2);
  });

  test.each([
    ['key', { kind: 'rate_limited' }],
    ['key', { kind: 'rate_limited', gatewayCode: 'rate_limit' }],
    ['key', { kind: 'rate_limited', gatewayCode: '429' }],
    ['model', { kind: 'rate_limited', gatewayCode: 'fail_to_fetch_task' }],
    ['model', { kind: 'rate_limited', gatewayCode: 'channel_concurrency_limit_exceeded' }],
    ['model', { kind: 'rate_limited', gatewayCode: '50429' }],
    ['model', { kind: 'no_channel', gatewayCode: 'get_channel_failed' }],
    ['model', { kind: 'submit_unknown', gatewayCode: 'get_channel_failed' }],
    [undefined, { kind: 'no_channel', gatewayCode: 'fail_to_fetch_task' }],
    [undefined, { kind: 'invalid_request' }],
  ] as const)('limits the %s where the failure is %j', (limit, failure) => {
    expect(limitOf(failure)).toBe(limit);
  });
});
