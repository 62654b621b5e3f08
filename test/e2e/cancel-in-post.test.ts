import { describe, expect, test } from 'vitest';
import type { Cancellation } from '../../src/contract/messages.ts';
import { playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

const stopped = { outcome: 'stopped_before_spend', billed: 'no' } as const;
const maybePaid = { outcome: 'watching_stopped', billed: 'maybe' } as const;

async function cancelled(harness: Harness, videoId: string): Promise<Cancellation> {
  await harness.client.cancel(videoId);
  const outcome = await harness.client.wait(videoId);
  if (outcome.outcome !== 'cancelled') throw new Error(`Not cancelled: ${JSON.stringify(outcome)}`);
  return outcome.cancellation;
}

async function cancelledInPost(harness: Harness, scenario: string): Promise<Cancellation> {
  const options = { submitTimeoutMs: 12_000 };
  const { videoId } = await harness.client.start(playing(scenario), options);
  await until('the POST', () => harness.gateway.ledger.posts.length === 1);
  return cancelled(harness, videoId);
}

describe('a cancel during a POST reports what that POST cost', () => {
  test.each([
    ['refused', 'submit-late=refused', 0, stopped],
    ['not accepted', 'submit-late=busy', 0, stopped],
    ['answered with a CDN error although the job is paid', 'submit-late', 1, maybePaid],
    ['never answered although the job is paid', 'submit-hang', 1, maybePaid],
  ])('when it is %s', async (_, scenario, paid, cancellation) => {
    await using harness = await createHarness();
    await harness.startWorker();
    expect(await cancelledInPost(harness, scenario)).toEqual(cancellation);
    expect(harness.gateway.ledger.paidJobs).toHaveLength(paid);
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });

  test('when it is accepted: the job is named', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const cancellation = await cancelledInPost(harness, 'submit-slow');
    const jobId = harness.gateway.ledger.paidJobs[0]?.jobId;
    expect(cancellation).toEqual({ outcome: 'watching_stopped', billed: 'yes', jobId });
  });

  test('when its worker dies: the submit times out and the run reports billed: maybe', async () => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const options = { submitTimeoutMs: 8_000 };
    const { videoId } = await harness.client.start(playing('submit-hang'), options);
    await until('the POST', () => harness.gateway.ledger.posts.length === 1);
    await worker.kill();
    await harness.startWorker();
    expect(await cancelled(harness, videoId)).toEqual(maybePaid);
    expect(harness.gateway.ledger.paidJobs).toHaveLength(1);
  });

  test('while it waits for a slot: nothing was sent', async () => {
    await using harness = await createHarness();
    await harness.startWorker({ GATEWAY_MAX_JOBS: '0' });
    const { videoId } = await harness.client.start(playing('submit-queued'));
    await untilPhase(harness, videoId, ['waiting']);
    expect(await cancelled(harness, videoId)).toEqual(stopped);
    expect(harness.gateway.ledger.posts).toHaveLength(0);
  });
});
