import { expect, test } from 'vitest';
import { activityWorker, workflowPolls } from '../../src/worker/activity-worker.ts';
import { operateConfig } from '../../src/config/operate-config.ts';

const atMost = (maximum: number) => ({ type: 'simple-maximum', maximum });

test('a queue has the slots, the rate and the pollers of its settings, and never more pollers than slots', () => {
  const operate = operateConfig({
    WORKER_SLOTS_DOWNLOAD: '3',
    WORKER_POLLERS: '8',
    WORKER_RATE_SUBMIT: '0.5',
  });
  expect(activityWorker('submit', {}, operate)).toMatchObject({
    taskQueue: 'video-submit',
    activityTaskPollerBehavior: atMost(8),
    maxTaskQueueActivitiesPerSecond: 0.5,
  });
  expect(activityWorker('download', {}, operate)).toMatchObject({
    maxConcurrentActivityTaskExecutions: 3,
    activityTaskPollerBehavior: atMost(3),
  });
  expect(workflowPolls(operate)).toMatchObject({ workflowTaskPollerBehavior: atMost(8) });
});

test('without settings, rates and pollers are left to the server and the SDK', () => {
  const worker = activityWorker('poll', {}, operateConfig({}));
  expect(worker).not.toHaveProperty('maxTaskQueueActivitiesPerSecond');
  expect(worker).not.toHaveProperty('activityTaskPollerBehavior');
  expect(workflowPolls(operateConfig({}))).toEqual({});
});
