import { describe, expect, test } from 'vitest';
import type { Cancellation } from '../../src/contract/messages.ts';
import { playing } from './requests.ts';
import { setStage, until, untilPhase, type Stage } from './stage.ts';

const stopped = { outcome: 'stopped_before_spend', billed: 'no' } as const;
const maybePaid = { outcome: 'watching_stopped', billed: 'maybe' } as const;

async function cancelled(stage: Stage, videoId: string): Promise<Cancellation> {
  await stage.client.cancel(videoId);
  const outcome = await stage.client.wait(videoId);
  if (outcome.outcome !== 'cancelled') throw new Error(`Not cancelled: ${JSON.stringify(outcome)}`);
  return outcome.cancellation;
}

async function cancelledInPost(stage: Stage, scenario: string): Promise<Cancellation> {
  const options = { submitTimeoutMs: 12_000 };
  const { videoId } = await stage.client.start(playing(scenario), options);
  await until('the POST', () => stage.gateway.ledger.posts.length === 1);
  return cancelled(stage, videoId);
}

describe('a cancel during a POST reports what that POST cost', () => {
  test.each([
    ['refused', 'submit-late=refused', 0, stopped],
    ['not accepted', 'submit-late=busy', 0, stopped],
    ['answered with a CDN error although the job is paid', 'submit-late', 1, maybePaid],
    ['never answered although the job is paid', 'submit-hang', 1, maybePaid],
  ])('when it is %s', async (_, scenario, paid, cancellation) => {
    await using stage = await setStage();
    await stage.startWorker();
    expect(await cancelledInPost(stage, scenario)).toEqual(cancellation);
    expect(stage.gateway.ledger.paidJobs).toHaveLength(paid);
    expect(stage.gateway.ledger.posts).toHaveLength(1);
  });

  test('when it is accepted: the job is named', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const cancellation = await cancelledInPost(stage, 'submit-slow');
    const jobId = stage.gateway.ledger.paidJobs[0]?.jobId;
    expect(cancellation).toEqual({ outcome: 'watching_stopped', billed: 'yes', jobId });
  });

  test('when its worker dies: the submit times out and the run reports billed: maybe', async () => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const options = { submitTimeoutMs: 8_000 };
    const { videoId } = await stage.client.start(playing('submit-hang'), options);
    await until('the POST', () => stage.gateway.ledger.posts.length === 1);
    await worker.kill();
    await stage.startWorker();
    expect(await cancelled(stage, videoId)).toEqual(maybePaid);
    expect(stage.gateway.ledger.paidJobs).toHaveLength(1);
  });

  test('while it waits for a slot: nothing was sent', async () => {
    await using stage = await setStage();
    await stage.startWorker({ GATEWAY_MAX_JOBS: '0' });
    const { videoId } = await stage.client.start(playing('submit-queued'));
    await untilPhase(stage, videoId, ['waiting']);
    expect(await cancelled(stage, videoId)).toEqual(stopped);
    expect(stage.gateway.ledger.posts).toHaveLength(0);
  });
});
