import { expect, test } from 'vitest';
import { createVideoClient } from '../../src/client.ts';
import { codecConfig } from '../../src/config/codec-config.ts';
import { createNamespace } from '../support/namespace.ts';
import { recordHistory } from './history.ts';
import { adoptPaidJob, expectDelivered } from './operator-actions.ts';
import { playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

/** A Temporal database that knows nothing; gateway, storage and workers' settings stay. */
async function withLostDatabase(harness: Harness): Promise<Harness> {
  const { connection, env } = harness;
  const namespace = await createNamespace(connection);
  const { keys: payloadKeys } = codecConfig(env);
  const client = await createVideoClient({ connection, namespace, payloadKeys });
  return { ...harness, namespace, client };
}

test('a job that a person adopted is found again after the Temporal database is lost, with no POST and no person', async () => {
  await using harness = await createHarness();
  const worker = await harness.startWorker();
  const request = playing('submit-drop-after-body');
  const { videoId } = await harness.client.start(request);
  await untilPhase(harness, videoId, ['unresolved']);
  await adoptPaidJob(harness, videoId);
  // Shown by the watch, which starts when the claim is written.
  await untilPhase(harness, videoId, ['running', 'delivering', 'stored']);
  await recordHistory(harness, videoId, 'adopted-into-its-claim');
  await worker.kill();
  const later = await withLostDatabase(harness);
  await harness.startWorker({ TEMPORAL_NAMESPACE: later.namespace });
  expect((await later.client.start(request)).videoId).toBe(videoId);
  await expectDelivered(later, videoId);
});

test('a job id that the gateway does not know is not recorded for the key: the next start is unresolved again', async () => {
  await using harness = await createHarness();
  const worker = await harness.startWorker();
  const request = playing('submit-drop-after-body');
  const { videoId } = await harness.client.start(request);
  await untilPhase(harness, videoId, ['unresolved']);
  await harness.client.resolve(videoId, { action: 'adopt', jobId: 'task_slip_of_the_pen' });
  await until('a question about the job', () => harness.gateway.ledger.statusRequests.length > 0);
  await worker.kill();
  const later = await withLostDatabase(harness);
  await harness.startWorker({ TEMPORAL_NAMESPACE: later.namespace });
  await later.client.start(request);
  await untilPhase(later, videoId, ['unresolved']);
  expect(harness.gateway.ledger.posts).toHaveLength(1);
});
