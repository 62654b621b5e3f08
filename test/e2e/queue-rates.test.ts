import { temporal } from '@temporalio/proto';
import { expect, test } from 'vitest';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { createHarness, until, type Harness } from './harness.ts';

const { RateLimitSource, TaskQueueType } = temporal.api.enums.v1;

/** The rate limit of the server for the activities of a queue, per second, once a worker has set it. */
async function rateOf({ connection, namespace }: Harness, name: string) {
  const { effectiveRateLimit } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    reportConfig: true,
  });
  const isOurs = effectiveRateLimit?.rateLimitSource === RateLimitSource.RATE_LIMIT_SOURCE_WORKER;
  return isOurs ? effectiveRateLimit.requestsPerSecond : undefined;
}

test('the server limits each queue to the configured rate, and no other queue', async () => {
  await using harness = await createHarness();
  await harness.startWorker({ WORKER_RATE_SUBMIT: '7', WORKER_RATE_DOWNLOAD: '2.5' });
  expect(await until('a rate', () => rateOf(harness, taskQueues.submit))).toBe(7);
  expect(await until('a rate', () => rateOf(harness, taskQueues.download))).toBe(2.5);
  expect(await rateOf(harness, taskQueues.poll)).toBeUndefined();
});
