import type { WorkerOptions } from '@temporalio/worker';
import { taskQueues } from '../contract/task-queues.ts';
import type { operateConfig } from '../config/operate-config.ts';

/** The default, 80 % of the heartbeat timeout, would let a cancelled download run on for most of a minute. */
const heartbeatThrottle = '5s';

type Operate = Pick<ReturnType<typeof operateConfig>, 'slots' | 'rates' | 'pollers'>;

/** The worker of a queue that has activities alone. */
export function activityWorker(
  queue: 'submit' | 'poll' | 'download',
  activities: WorkerOptions['activities'] & object,
  { slots, rates, pollers }: Operate,
): WorkerOptions {
  const rate = rates[queue];
  return {
    taskQueue: taskQueues[queue],
    activities,
    maxConcurrentActivityTaskExecutions: slots[queue],
    // The SDK refuses a worker that asks for more than it has room for.
    ...(pollers !== undefined && {
      activityTaskPollerBehavior: atMost(Math.min(pollers, slots[queue])),
    }),
    ...(rate !== undefined && { maxTaskQueueActivitiesPerSecond: rate }),
    maxHeartbeatThrottleInterval: heartbeatThrottle,
  };
}

/** The same setting, for the worker of the workflows, which has activities and Nexus operations, too. */
export function workflowPolls({ pollers }: Pick<Operate, 'pollers'>): Partial<WorkerOptions> {
  if (pollers === undefined) return {};
  return {
    workflowTaskPollerBehavior: atMost(pollers),
    activityTaskPollerBehavior: atMost(pollers),
    nexusTaskPollerBehavior: atMost(pollers),
  };
}

/** The SDK takes `maxConcurrentActivityTaskPolls` and its like, and does nothing with them (seen in 1.24). */
function atMost(maximum: number) {
  return { type: 'simple-maximum', maximum } as const;
}
