import type { WorkerOptions } from '@temporalio/worker';
import { taskQueues } from '../contract/task-queues.ts';
import type { operateConfig } from '../config/operate-config.ts';

/** With the default, 80 % of the heartbeat timeout, a cancelled download would continue for most of a minute. */
const heartbeatThrottle = '5s';

type Operate = Pick<ReturnType<typeof operateConfig>, 'slots' | 'rates' | 'pollers'>;

/** The worker of a queue with activities only. */
export function activityWorker(
  queue: Exclude<keyof typeof taskQueues, 'workflows'>,
  activities: WorkerOptions['activities'] & object,
  { slots, rates, pollers }: Operate,
): WorkerOptions {
  const rate = rates[queue];
  return {
    taskQueue: taskQueues[queue],
    activities,
    maxConcurrentActivityTaskExecutions: slots[queue],
    // The SDK rejects more pollers than task slots.
    ...(pollers !== undefined && {
      activityTaskPollerBehavior: atMost(Math.min(pollers, slots[queue])),
    }),
    ...(rate !== undefined && { maxTaskQueueActivitiesPerSecond: rate }),
    maxHeartbeatThrottleInterval: heartbeatThrottle,
  };
}

/** The same for the worker of workflows, which also has activities and Nexus operations. */
export function workflowPolls({ pollers }: Pick<Operate, 'pollers'>): Partial<WorkerOptions> {
  if (pollers === undefined) return {};
  return {
    workflowTaskPollerBehavior: atMost(pollers),
    activityTaskPollerBehavior: atMost(pollers),
    nexusTaskPollerBehavior: atMost(pollers),
  };
}

/** The SDK accepts `maxConcurrentActivityTaskPolls` and similar options but ignores them (seen in 1.24). */
function atMost(maximum: number) {
  return { type: 'simple-maximum', maximum } as const;
}
