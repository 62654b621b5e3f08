import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { expect, test } from 'vitest';
import { createVideoClient } from '../../src/client.ts';
import { codecConfig } from '../../src/config/codec-config.ts';
import { searchAttributeNames } from '../../src/contract/search-attributes.ts';
import { missingSearchAttributes } from '../../src/worker/search-attribute-setup.ts';
import { astronaut } from './requests.ts';
import { createHarness, until } from './harness.ts';

/** A namespace as `temporal operator namespace create` makes it: without any attribute of ours. */
async function bareNamespace(connection: Connection): Promise<string> {
  const namespace = `bare-${randomUUID()}`;
  const workflowExecutionRetentionPeriod = msToTs('1 day');
  const { workflowService } = connection;
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  const missing = await until('the namespace', () =>
    missingSearchAttributes({ connection, namespace }).catch(() => null),
  );
  expect(missing).toEqual(searchAttributeNames);
  return namespace;
}

test('on a development server the worker registers its search attributes, and videos are found by them', async () => {
  await using harness = await createHarness();
  const { connection, gateway } = harness;
  const namespace = await bareNamespace(connection);
  const payloadKeys = codecConfig(process.env).keys;
  const client = await createVideoClient({ connection, namespace, payloadKeys });
  const { videoId } = await client.start(astronaut);
  await harness.startWorker({ TEMPORAL_NAMESPACE: namespace });
  expect(await missingSearchAttributes({ connection, namespace })).toEqual([]);
  expect(await client.wait(videoId)).toMatchObject({ outcome: 'stored' });
  const found = await until('the video in the index', async () => {
    const [video] = await client.list({ phase: 'stored' });
    return video;
  });
  const jobId = gateway.ledger.paidJobs[0]?.jobId;
  expect(found).toMatchObject({ videoId, jobId, billed: 'yes', model: 'kling-v1' });
});

test('two workers that start at once may both register the search attributes', async () => {
  await using harness = await createHarness();
  const { connection } = harness;
  const namespace = await bareNamespace(connection);
  const env = { TEMPORAL_NAMESPACE: namespace };
  await Promise.all([harness.startWorker(env), harness.startWorker(env)]);
  expect(await missingSearchAttributes({ connection, namespace })).toEqual([]);
});
