import { describe, expect, test } from 'vitest';
import { recordHistory } from './history.ts';
import { inThePost, resetToBeforeCancellation, resetToBeforeSubmit } from './operator-actions.ts';
import { setStage, until, untilPhase } from './stage.ts';

const untilClosed = (stage: Parameters<typeof untilPhase>[0], videoId: string) =>
  until('the end of the run', async () => {
    const outcome = await stage.client.wait(videoId, { timeoutMs: 1_000 });
    return outcome.outcome !== 'pending' && outcome;
  });

test.each([
  ['the submit', resetToBeforeSubmit],
  ['its cancellation', resetToBeforeCancellation],
])(
  'a reset to before %s of a run that was cancelled with a paid job never reports billed: no',
  async (_, reset) => {
    await using stage = await setStage();
    await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-queued');
    await untilPhase(stage, videoId, ['queued', 'running']);
    await stage.client.cancel(videoId);
    await untilClosed(stage, videoId);
    await reset(stage, videoId);
    // The server passes the cancellation on to the new run, or the video is delivered.
    const outcome = await untilClosed(stage, videoId);
    expect(['cancelled', 'stored']).toContain(outcome.outcome);
    expect(outcome).not.toMatchObject({ cancellation: { billed: 'no' } });
    expect(stage.gateway.ledger.posts).toHaveLength(1);
  },
);

describe('a reset to before the submit', () => {
  test('of an open, resubmitted run finds the job of the resubmit, and pays nothing', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-late');
    await untilPhase(stage, videoId, ['unresolved']);
    await stage.client.resolve(videoId, { action: 'resubmit' });
    await untilPhase(stage, videoId, ['queued', 'running']);
    expect(stage.gateway.ledger.posts).toHaveLength(2);
    await resetToBeforeSubmit(stage, videoId);
    const outcome = await untilClosed(stage, videoId);
    expect(outcome).toMatchObject({ outcome: 'stored' });
    expect(stage.gateway.ledger.posts).toHaveLength(2);
    const paid = stage.gateway.ledger.paidJobs.map(({ jobId }) => jobId);
    expect(outcome).toMatchObject({ result: { jobId: paid[1] } });
    await recordHistory(stage, videoId, 'reset-after-resubmit');
  });
});
