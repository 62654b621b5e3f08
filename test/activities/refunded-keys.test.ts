import { describe, expect, test } from 'vitest';
import { createAwaitVideoChange } from '../../src/activities/watch/await-video-change.ts';
import { createKeyedSubmit } from '../../src/activities/submit/keyed-submit.ts';
import { createRecordAdopted } from '../../src/activities/resolve/record-adopted.ts';
import type { SubmittedVideo } from '../../src/contract/activities.ts';
import { nextClaimKey } from '../../src/contract/claim-key.ts';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { account } from '../fakes/gateway-account.ts';
import { claim, claimKey, input, request, submitHarness, submittedAt } from './submit-harness.ts';

const failed = jobStatus({ state: 'failed', failure: { kind: 'task_failed', message: 'No' } });
const refunded: JobStatus = { ...failed, quota: 0 };

/** Runs of one key, one after the other; Temporal has forgotten the earlier ones. */
async function keyHarness(submit: Parameters<typeof submitHarness>[0] = {}) {
  let jobs = 0;
  const harness = await submitHarness({
    submit: [() => ({ jobId: `task_${(jobs += 1)}` })],
    status: { generations: [refunded] },
    ...submit,
  });
  const { post, ...ports } = harness;
  const keyed = createKeyedSubmit({ ...ports, submitVideo: post, deadlineMs: 60_000 });
  const options = { ...ports, account, schedule: 'beat', speed: 1 } as const;
  const awaitVideoChange = createAwaitVideoChange(options);
  const recordAdopted = createRecordAdopted(ports);
  let runs = 0;
  const runHarness = () => {
    const runId = `run-${(runs += 1)}`;
    return activityHarness({ workflowExecution: { workflowId: claimKey, runId } });
  };
  const watch = (run: ReturnType<typeof runHarness>, key: string, jobId: string) => {
    const job = { format: request.format, jobId };
    return run.run(awaitVideoChange, { job, claimKey: key, submittedAt, askNow: true });
  };
  return {
    ...harness,
    /** As the workflow does it: a closed key leads on to the next one. Gives the job, and what became of it. */
    start: async () => {
      const run = runHarness();
      for (let key = claimKey; ; key = nextClaimKey(key)) {
        const answer = await run.run(keyed, { ...input, claimKey: key }).catch((error: unknown) => {
          const failure = detailsOf(error as never);
          if (failure.closedKey !== true) throw error;
          return null;
        });
        if (answer)
          return {
            ...(answer satisfies SubmittedVideo),
            progress: await watch(run, key, answer.jobId),
          };
      }
    },
    collect: async (jobId: string) => {
      const run = runHarness();
      const job = { format: request.format, jobId };
      await run.run(recordAdopted, { claimKey, job, submittedAt, request });
      await watch(run, claimKey, jobId);
    },
  };
}

describe('a key whose job failed and was refunded', () => {
  test('can be started again after each refund, with one POST each time', async () => {
    const key = await keyHarness();
    for (let start = 1; start <= 4; start += 1) {
      expect(await key.start()).toMatchObject({ jobId: `task_${start}`, foundInClaim: false });
      expect(key.gateway.submitted).toHaveLength(start);
    }
  });

  test('that a person adopted can be started again', async () => {
    const key = await keyHarness();
    await key.collect('task_named');
    expect(await key.claims.read(claimKey)).toMatchObject({
      outcome: { jobId: 'task_named', refunded: true, charged: { quota: 0 } },
    });
    expect(await key.start()).toMatchObject({ jobId: 'task_1', foundInClaim: false });
  });

  test('after a refund and an adoption of another job that was refunded, too, can be started again', async () => {
    const key = await keyHarness();
    await key.start();
    await key.collect('task_named');
    expect(await key.start()).toMatchObject({ jobId: 'task_2', foundInClaim: false });
  });

  test('is not started again where the outcome of its own submit is unknown', async () => {
    const lost = new GatewayError('submit_unknown', 'lost', { submitOutcome: 'unknown' });
    const key = await keyHarness({ submit: [lost] });
    await failureOf(key.start());
    await key.claims.giveJob(claim, { jobId: 'task_2', submittedAt });
    const money = { charged: { quota: 0, money: 0 }, refunded: true } as const;
    await key.claims.charge({ claimKey, jobId: 'task_2', ...money });
    // The refund of this job says nothing of that submit.
    const found = { jobId: 'task_2', foundInClaim: true, billedBefore: 'maybe' };
    expect(await key.start()).toMatchObject(found);
    expect(key.gateway.submitted).toHaveLength(1);
  });
});
