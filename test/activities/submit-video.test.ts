import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { account } from '../fakes/gateway-account.ts';
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

function asked(body: VideoRequest['body']) {
  return { claimKey, request: { format: 'generations', body } as const };
}

describe('an accepted submit', () => {
  test('sends the request once, unchanged, and tells the job', async () => {
    const { submitVideo, gateway } = await submitHarness({
      submit: [{ jobId: 'task_1', requestId: 'req-1', chargedRatios: { n: 2 } }],
    });
    const submitted = await activityHarness().run(submitVideo, input);
    expect(gateway.submitted.map((call) => call.request)).toEqual([request]);
    expect(submitted).toEqual({
      jobId: 'task_1',
      submittedAt,
      account,
      requestId: 'req-1',
      chargedRatios: { n: 2 },
      deadlineMs: 60_000,
      foundInClaim: false,
      warnings: [],
    });
  });

  test('is written into the claim, with the run that paid', async () => {
    const { submitVideo, readClaim } = await submitHarness({
      submit: [{ jobId: 'task_1', chargedRatios: { seconds: 5 } }],
    });
    await activityHarness({ workflowExecution }).run(submitVideo, input);
    expect(await readClaim()).toEqual({
      claimKey,
      ...workflowExecution,
      requestDigest: requestDigest(request),
      gateway: 'https://gateway.test',
      account,
      format: 'generations',
      model: 'kling-v1',
      claimedAt: submittedAt,
      outcome: { state: 'accepted', jobId: 'task_1', submittedAt, chargedRatios: { seconds: 5 } },
    });
  });

  test('makes its video the owner of the job', async () => {
    const { submitVideo, owners } = await submitHarness();
    await activityHarness({ workflowExecution }).run(submitVideo, input);
    expect(await owners.ownerOf('task_1')).toEqual({ videoId: workflowExecution.workflowId });
  });

  test('whose job another video has adopted keeps the job that it paid for, and warns of the other video', async () => {
    const { submitVideo, owners, readClaim } = await submitHarness();
    await owners.take({ jobId: 'task_1', videoId: 'video/other' });
    const { jobId, warnings } = await activityHarness({ workflowExecution }).run(
      submitVideo,
      input,
    );
    expect(jobId).toBe('task_1');
    expect(warnings).toEqual([
      { field: 'job', message: expect.stringContaining('"video/other"') as string },
    ]);
    expect((await readClaim()).outcome).toMatchObject({ state: 'accepted', jobId: 'task_1' });
  });

  test('has its claim on disk before the POST', async () => {
    const seen: string[] = [];
    const harness = await submitHarness({
      submit: [
        async () => {
          seen.push((await harness.readClaim()).outcome.state);
          return { jobId: 'task_1' };
        },
      ],
    });
    await activityHarness().run(harness.submitVideo, input);
    expect(seen).toEqual(['sent']);
  });

  test('answers every later submit of its key, without a POST', async () => {
    const { submitVideo, gateway } = await submitHarness();
    await activityHarness().run(submitVideo, input);
    const again = await activityHarness().run(submitVideo, input);
    expect(again).toMatchObject({ jobId: 'task_1', submittedAt, foundInClaim: true });
    expect(gateway.submitted).toHaveLength(1);
  });

  test('leaves neither prompt nor any other word of the body in the claim', async () => {
    const { submitVideo, readClaimText } = await submitHarness();
    await activityHarness().run(submitVideo, input);
    expect(await readClaimText()).not.toMatch(/lighthouse|1280x720|prompt|key-of-the-gateway/);
  });

  test('brings the traps of the wire as warnings', async () => {
    const { submitVideo } = await submitHarness();
    const submitted = await activityHarness().run(
      submitVideo,
      asked({ model: 'kling-v1', prompt: 'p', size: '1280x720', seed: 1 }),
    );
    expect(submitted.warnings.map(({ field }) => field)).toEqual(['seed']);
  });

  test('is returned even when the storage breaks right after the POST', async () => {
    const { submitVideo, readClaim } = await submitHarness({
      through: (storage) => ({
        ...storage,
        writeSmall: (key, bytes) =>
          withFailing(storage, ['writeSmall'], () => key.startsWith('claims/')).writeSmall(
            key,
            bytes,
          ),
      }),
    });
    const submitted = await activityHarness().run(submitVideo, input);
    expect(submitted.jobId).toBe('task_1');
    expect((await readClaim()).outcome.state).toBe('sent');
  });

  test('has less time for its POST than the activity has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2_000, max: 600_000 }), async (limitMs) => {
        const { submitVideo, gateway } = await submitHarness();
        await activityHarness({ startToCloseTimeoutMs: limitMs }).run(submitVideo, input);
        expect(gateway.submitted[0]?.options.timeoutMs).toBeGreaterThanOrEqual(1_000);
        expect(gateway.submitted[0]?.options.timeoutMs).toBeLessThan(limitMs);
      }),
      { numRuns: 10 },
    );
  });
});

describe('one key', () => {
  test('gets exactly one POST from 20 submits at once', async () => {
    const { submitVideo, gateway } = await submitHarness();
    const submits = Array.from({ length: 20 }, () => activityHarness().run(submitVideo, input));
    const outcomes = await Promise.allSettled(submits);
    expect(gateway.submitted).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value.jobId).toBe('task_1');
      else expect(outcome.reason).toMatchObject({ type: 'submit_unknown', nonRetryable: true });
    }
  });

  test('is a conflict for another request, without a POST', async () => {
    const { submitVideo, gateway } = await submitHarness();
    await activityHarness().run(submitVideo, input);
    const other = asked({ ...request.body, prompt: 'something else' });
    const failure = await failureOf(activityHarness().run(submitVideo, other));
    expect(detailsOf(failure)).toMatchObject({
      kind: 'key_conflict',
      outcome: 'refused',
      billed: 'no',
    });
    expect(gateway.submitted).toHaveLength(1);
  });

  test('is a conflict at another gateway, whose job ids mean nothing here', async () => {
    const { submitVideo, claims, gateway } = await submitHarness();
    await claims.acquire({ ...claim, gateway: 'https://other.example' });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({ kind: 'key_conflict', billed: 'no' });
    expect(gateway.submitted).toEqual([]);
  });

  test('does not stand in the way of another key', async () => {
    const { submitVideo, gateway } = await submitHarness();
    await activityHarness().run(submitVideo, input);
    await activityHarness().run(submitVideo, { ...input, claimKey: `${claimKey}/take-2` });
    expect(gateway.submitted).toHaveLength(2);
  });
});
