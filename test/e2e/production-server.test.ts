import { randomUUID } from 'node:crypto';
import { msToTs } from '@temporalio/common/lib/time.js';
import { expect, test } from 'vitest';
import { missingSearchAttributes } from '../../src/worker/search-attribute-setup.ts';
import { createHarness, until } from './harness.ts';

const onProductionServer = test.runIf(process.env['E2E_TEMPORAL_ADDRESS']);

onProductionServer(
  'on a production server the worker registers no search attributes: it prints the command to run, and exits',
  async () => {
    await using harness = await createHarness();
    const { connection } = harness;
    const namespace = `bare-${randomUUID()}`;
    const workflowExecutionRetentionPeriod = msToTs('1 day');
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod,
    });
    await until('the namespace', () =>
      missingSearchAttributes({ connection, namespace }).catch(() => null),
    );
    const started = harness.startWorker({ TEMPORAL_NAMESPACE: namespace });
    await expect(started).rejects.toThrow(
      `temporal operator search-attribute create --namespace ${namespace}`,
    );
    expect(await missingSearchAttributes({ connection, namespace })).not.toEqual([]);
  },
);
