import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import { taskQueues } from '../contract/task-queues.ts';

/** The gateway may hold a submit for 60 s and more, a CDN cuts at 100 s; the HTTP limit lies below this. */
export const defaultSubmitTimeoutMs = 180_000;

/** Where neither the caller nor the worker says otherwise. 88API advises a client to wait at least 20 minutes in all. */
export const defaultDeadlineMs = 30 * 60_000;

/** Questions before the paid POST: they send nothing, so they are asked until there is an answer. */
export const askOptions = {
  taskQueue: taskQueues.submit,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** One small object in the storage, by a worker that submits: another one might have another storage. */
export const closeOptions = askOptions;

/**
 * The paid POST. One attempt, no heartbeat. WAIT_CANCELLATION_COMPLETED: a cancellation takes the task back while no
 * worker has started it, and otherwise waits for the true outcome.
 */
export const submitOptions = {
  taskQueue: taskQueues.submit,
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/**
 * One question per attempt. The delay to the next comes with each failure; the policy's own interval only follows an
 * attempt that timed out, and must not grow with the number of polls.
 */
export const pollOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '45s',
  retry: { initialInterval: '15s', backoffCoefficient: 1, maximumInterval: '15s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Free questions about an unknown submit; a look that fails is made again at the next reminder. */
export const reconcileOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '2m',
  retry: { initialInterval: '10s', maximumAttempts: 3 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** One small object in the storage; an adoption waits until it can be written. */
export const ownerOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** One small object in the storage, beside the watch. A job id that the gateway does not know is asked for slowly. */
export const recordOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '2m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** The same when the run ends, which must not stay open for it. */
export const lastRecordOptions = {
  ...recordOptions,
  scheduleToCloseTimeout: '30s',
} satisfies ActivityOptions;

/** Result links expire after 24 h, so there is no use in trying longer. */
export const deliverOptions = {
  taskQueue: taskQueues.download,
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '3s', backoffCoefficient: 2, maximumInterval: '5m' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/** Small objects in the storage and questions to the server; a batch waits until they work, whatever is down. */
export const batchOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '10m',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Listing and removing many objects; goes on where it was until the storage works. */
export const retentionOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '6h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/** Reads claims and the gateway's log, page by page; a check that fails all day is made again by the next one. */
export const ledgerCheckOptions = {
  taskQueue: taskQueues.poll,
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '12h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1m', backoffCoefficient: 2, maximumInterval: '30m' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Questions of the admission to Temporal and to the storage; asked again until there is an answer. */
export const admissionOptions = {
  taskQueue: taskQueues.workflows,
  retry: { initialInterval: '1s', maximumInterval: '30s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/**
 * One signal to the admission, at the price of one event. It does not wait for any other workflow: local activities
 * hold the slot of a workflow task.
 */
export const leaveOptions = {
  startToCloseTimeout: '5s',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
} satisfies LocalActivityOptions;

/** One call to the server; it stays asked for until the server has heard it, since the run counts as cancelled. */
export const cancelRunOptions = {
  startToCloseTimeout: '5s',
  retry: { initialInterval: '500ms', maximumInterval: '10s' },
} satisfies LocalActivityOptions;
