import { expect, test } from 'vitest';
import { createReconcileLedger } from '../../src/activities/upkeep/reconcile-ledger.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { activityHarness, failureOf } from '../fakes/activity-harness.ts';
import { createFakeGateway, type GatewayScript } from '../fakes/fake-gateway.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const window = { fromMs: Date.now() - 3_600_000, toMs: Date.now() };

async function check(script: GatewayScript, known: string[] = []) {
  const gateway = createFakeGateway(script);
  const { storage } = await tempStorage();
  const own = async ({ jobId }: { jobId: string }) => known.includes(jobId);
  const options = { gateway, storage, account: 'admission/ours', others: { own } };
  return activityHarness().run(createReconcileLedger(options), window);
}

const job = (jobId: string) => ({ jobId, submittedAt: window.fromMs + 1_000 });

test('checkLedger() tells a job that neither the storage nor any run knows', async () => {
  const ownJobs = [[job('task_1'), job('task_2')]];
  const { unknownLocally, jobsThere } = await check({ ownJobs }, ['task_1']);
  expect(jobsThere).toBe(2);
  expect(unknownLocally.listed).toMatchObject([{ jobId: 'task_2' }]);
});

test('checkLedger() gives up without access to the log, and tries again when it does not answer', async () => {
  expect(await failureOf(check({}))).toMatchObject({ type: 'auth', nonRetryable: true });
  const ownJobs = [new GatewayError('gateway_unavailable', 'down')];
  expect(await failureOf(check({ ownJobs }))).toMatchObject({
    type: 'gateway_unavailable',
    nonRetryable: false,
  });
});
