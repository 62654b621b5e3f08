import { describe, expect, test } from 'vitest';
import { recordHistory } from './history.ts';
import { inThePost, resetToBeforeCancellation, resetToBeforeSubmit } from './operator-actions.ts';
import { createHarness, until, untilPhase } from './harness.ts';

const untilClosed = (harness: Parameters<typeof untilPhase>[0], videoId: string) =>
  until('the end of the run', async () => {
    const outcome = await harness.client.wait(videoId, { timeoutMs: 1_000 });
    return outcome.outcome !== 'pending' && outcome;
  });

test.each([
  ['the submit', resetToBeforeSubmit],
  ['its cancellation', resetToBeforeCancellation],
])(
  'a reset to before %s of a run that was cancelled with a paid job never reports billed: no',
  async (_, reset) => {
    await using harness = await createHarness();
    await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-queued');
    await untilPhase(harness, videoId, ['queued', 'running']);
    await harness.client.cancel(videoId);
    await untilClosed(harness, videoId);
    await reset(harness, videoId);
    // The server passes the cancellation on to the new run, or the video is delivered.
    const outcome = await untilClosed(harness, videoId);
    expect(['cancelled', 'stored']).toContain(outcome.outcome);
    expect(outcome).not.toMatchObject({ cancellation: { billed: 'no' } });
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  },
);

describe('a reset to before the submit', () => {
  test('of an open, resubmitted run finds the job of the resubmit, and pays nothing', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-late');
    await untilPhase(harness, videoId, ['unresolved']);
    await harness.client.resolve(videoId, { action: 'resubmit' });
    await untilPhase(harness, videoId, ['queued', 'running']);
    expect(harness.gateway.ledger.posts).toHaveLength(2);
    await resetToBeforeSubmit(harness, videoId);
    const outcome = await untilClosed(harness, videoId);
    expect(outcome).toMatchObject({ outcome: 'stored' });
    expect(harness.gateway.ledger.posts).toHaveLength(2);
    const paid = harness.gateway.ledger.paidJobs.map(({ jobId }) => jobId);
    expect(outcome).toMatchObject({ result: { jobId: paid[1] } });
    await recordHistory(harness, videoId, 'reset-after-resubmit');
  });
});
