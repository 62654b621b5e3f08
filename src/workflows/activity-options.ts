import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import { taskQueues } from '../contract/task-queues.ts';
import { deliveryMs, deliveryRetry } from '../contract/webhook.ts';

/**
 * The gateway may hold a submit for 60 s and more, and a CDN closes connections at 100 s; the HTTP timeout is below
 * this value.
 */
export const defaultSubmitTimeoutMs = 180_000;

/** Default if neither the caller nor the worker sets one. 88API advises clients to wait at least 20 minutes in all. */
export const defaultDeadlineMs = 30 * 60_000;

/** Activities before the paid POST. They send nothing, so they are retried until they succeed. */
export const askOptions = {
  taskQueue: taskQueues.submit,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/**
 * Writes one small object to the storage. It runs on a worker that submits, because another worker may have another
 * storage.
 */
export const closeOptions = askOptions;

/**
 * The paid POST: one attempt, no heartbeat. WAIT_CANCELLATION_COMPLETED: a cancellation withdraws the task if no
 * worker has started it, and otherwise waits for the real outcome.
 */
export const submitOptions = {
  taskQueue: taskQueues.submit,
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/**
 * One poll per attempt. Each failure carries the delay until the next poll. The interval of the policy applies only
 * after an attempt that timed out, and must not grow with the number of polls.
 */
export const pollOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '45s',
  retry: { initialInterval: '15s', backoffCoefficient: 1, maximumInterval: '15s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Free lookups for an unknown submit. A lookup that fails is repeated at the next reminder. */
export const reconcileOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '2m',
  retry: { initialInterval: '10s', maximumAttempts: 3 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Writes one small object to the storage; an adoption waits until this succeeds. */
export const ownerOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/**
 * Writes one small object to the storage while the job is polled. A job id that the gateway does not know is retried
 * slowly.
 */
export const recordOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '2m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** The same when the run ends: bounded, because the run must not stay open for it. */
export const lastRecordOptions = {
  ...recordOptions,
  scheduleToCloseTimeout: '30s',
} satisfies ActivityOptions;

/** Result links expire after 24 h, so longer retries are useless. */
export const deliverOptions = {
  taskQueue: taskQueues.download,
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '3s', backoffCoefficient: 2, maximumInterval: '5m' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/** Small objects in the storage and calls to the server; a batch waits until they succeed. */
export const batchOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '10m',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Lists and removes many objects. Retries continue with the remaining objects until the storage works. */
export const retentionOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '6h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/**
 * Reads claims and the gateway's log page by page. A check that fails for 12 h ends; the next scheduled check repeats
 * it.
 */
export const ledgerCheckOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '12h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1m', backoffCoefficient: 2, maximumInterval: '30m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Calls from the admission to Temporal and the storage, retried until they succeed. */
export const admissionOptions = {
  taskQueue: taskQueues.workflows,
  retry: { initialInterval: '1s', maximumInterval: '30s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/**
 * One signal to the admission, which costs one event. It waits for no other workflow, because local activities occupy
 * the slot of a workflow task.
 */
export const leaveOptions = {
  startToCloseTimeout: '5s',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
} satisfies LocalActivityOptions;

/** One call to the server. It is retried until it succeeds, since the run already counts as cancelled. */
export const cancelRunOptions = {
  startToCloseTimeout: '5s',
  retry: { initialInterval: '500ms', maximumInterval: '10s' },
} satisfies LocalActivityOptions;

/**
 * Writes one small object and starts the deliveries, with calls that take milliseconds. It is bounded because a run may
 * wait for it at its end; after that, another run continues.
 */
export const announceOptions = {
  startToCloseTimeout: '2s',
  scheduleToCloseTimeout: '3s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
} satisfies LocalActivityOptions;

/** The same by another run, which nothing waits for, on the queue of the workflows: a worker of it exists. */
export const announceLaterOptions = {
  taskQueue: taskQueues.workflows,
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: deliveryMs,
  retry: { initialInterval: '10s', backoffCoefficient: 2, maximumInterval: '10m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** One POST per attempt. */
export const webhookOptions = {
  taskQueue: taskQueues.webhooks,
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: deliveryMs,
  retry: deliveryRetry,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;
