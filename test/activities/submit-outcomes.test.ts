import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { withFailing } from '../fakes/temp-storage.ts';
import {
  claim,
  claimKey,
  input,
  request,
  submitHarness,
  submittedAt,
  workflowExecution,
} from './submit-harness.ts';

const unknown = new GatewayError('submit_unknown', 'Cannot read the answer', {
  submitOutcome: 'unknown',
  requestId: 'req-9',
});
const noChannel = new GatewayError('no_channel', 'No vendor', { submitOutcome: 'not_accepted' });
const throttled = new GatewayError('rate_limited', 'Too many', {
  submitOutcome: 'not_accepted',
  retryAfterMs: 7_000,
});
const refusal = new GatewayError('moderation', 'No', { submitOutcome: 'refused', billed: 'no' });

describe('an unknown outcome', () => {
  test('stays unknown: later submits of the key send nothing', async () => {
    const { submitVideo, gateway } = await submitHarness({
      submit: [unknown, { jobId: 'task_2' }],
    });
    const first = await failureOf(activityHarness().run(submitVideo, input));
    const second = await failureOf(activityHarness().run(submitVideo, input));
    for (const failure of [first, second]) {
      expect(detailsOf(failure)).toMatchObject({
        kind: 'submit_unknown',
        outcome: 'unknown',
        billed: 'maybe',
      });
    }
    expect(gateway.submitted).toHaveLength(1);
  });

  test('keeps its request id in claim and failure, for the support of the gateway', async () => {
    const { submitVideo, readClaim } = await submitHarness({ submit: [unknown] });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect((await readClaim()).outcome).toMatchObject({ state: 'unknown', requestId: 'req-9' });
    expect(detailsOf(failure).requestId).toBe('req-9');
  });

  test('is what an error without a verdict counts as', async () => {
    const { submitVideo } = await submitHarness({ submit: [new TypeError('a bug of ours')] });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({ kind: 'submit_unknown', billed: 'maybe' });
  });

  test('is what a claim says whose worker died: nothing is sent', async () => {
    const { submitVideo, claims, gateway, readClaim } = await submitHarness();
    const claim = {
      claimKey,
      ...workflowExecution,
      requestDigest: requestDigest(request),
      gateway: 'https://gateway.test',
      format: 'generations',
      model: 'kling-v1',
      claimedAt: submittedAt,
    };
    await claims.acquire(claim);
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({ kind: 'submit_unknown', outcome: 'unknown' });
    expect(gateway.submitted).toEqual([]);
    expect((await readClaim()).outcome).toEqual({ state: 'sent' });
  });
});

describe('a key whose job failed and was refunded', () => {
  const charged = { quota: 0, money: 0 };

  async function refundedHarness() {
    const harness = await submitHarness({ submit: [{ jobId: 'task_1' }, { jobId: 'task_2' }] });
    const { claims } = harness;
    await claims.acquire({ ...claim, runId: 'run-before' });
    await claims.record(
      { ...claim, runId: 'run-before' },
      { state: 'accepted', jobId: 'task_0', submittedAt },
    );
    return harness;
  }

  test('is free for another run: it takes the next claim key, and nothing was billed', async () => {
    const { submitVideo, claims, gateway } = await refundedHarness();
    await claims.charge({ claimKey, jobId: 'task_0', charged, refunded: true });
    const failure = detailsOf(await failureOf(activityHarness().run(submitVideo, input)));
    expect(failure).toMatchObject({ closedKey: true, outcome: 'not_accepted', billed: 'no' });
    expect(gateway.submitted).toHaveLength(0);
    const next = { ...input, claimKey: `${claimKey}/resubmit-2` };
    expect((await activityHarness().run(submitVideo, next)).jobId).toBe('task_1');
  });

  test('and whose refund was not seen, answers with its job', async () => {
    const { submitVideo, claims } = await refundedHarness();
    await claims.charge({ claimKey, jobId: 'task_0', charged: { quota: 9, money: 0 } });
    expect((await activityHarness().run(submitVideo, input)).jobId).toBe('task_0');
  });
});

describe('a submit that created nothing', () => {
  test.each([
    ['refused', refusal],
    ['not_accepted', noChannel],
  ] as const)('is %s and frees the key', async (outcome, error) => {
    const harness = await submitHarness({ submit: [error, { jobId: 'task_2' }] });
    const failure = await failureOf(activityHarness().run(harness.submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({ kind: error.kind, outcome, billed: 'no' });
    expect((await harness.files()).filter((file) => file.startsWith('claims/'))).toEqual([]);
    const again = await activityHarness().run(harness.submitVideo, input);
    expect(again).toMatchObject({ jobId: 'task_2', foundInClaim: false });
  });

  test('keeps its own outcome when the claim cannot be released', async () => {
    const { submitVideo } = await submitHarness({
      submit: [refusal],
      through: (storage) => withFailing(storage, ['remove']),
    });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({ kind: 'moderation', outcome: 'refused' });
  });
});

test('no failure of a submit is ever retried by Temporal', async () => {
  const kinds = [unknown, throttled, refusal, new Error('anything'), new RangeError('a bug')];
  for (const error of kinds) {
    const { submitVideo } = await submitHarness({ submit: [error] });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(failure).toMatchObject({ nonRetryable: true, type: detailsOf(failure).kind });
  }
});
