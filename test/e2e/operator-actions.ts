import { randomUUID } from 'node:crypto';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { expect } from 'vitest';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { fetchEvents } from './history.ts';
import { playing } from './requests.ts';
import { until, type Harness } from './harness.ts';

/** Short, so that a submit whose worker died becomes unresolved soon. */
const submitTimeoutMs = 10_000;

export async function startedIn(harness: Harness, request: VideoRequest): Promise<string> {
  const { videoId } = await harness.client.start(request, { submitTimeoutMs });
  return videoId;
}

export async function inThePost(harness: Harness, scenario: string): Promise<string> {
  const videoId = await startedIn(harness, playing(scenario));
  await until('the POST', () => harness.gateway.ledger.posts.length === 1);
  return videoId;
}

/** As a service in another language does it, whatever has been under that id before. */
export async function startByName(
  harness: Harness,
  videoId: string,
  request: VideoRequest,
): Promise<void> {
  await harness.temporal.workflow.start(workflowTypes.generate, {
    taskQueue: taskQueues.workflows,
    workflowId: videoId,
    args: [{ request, submitTimeoutMs }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
}

export function terminate({ temporal }: Harness, videoId: string) {
  return temporal.workflow.getHandle(videoId).terminate('a mistake');
}

async function submitOf(harness: Harness, videoId: string) {
  const events = await fetchEvents(harness, videoId);
  const scheduled = events
    .map((event) => event.activityTaskScheduledEventAttributes)
    .find((attributes) => attributes?.activityType?.name === 'submitVideo');
  if (!scheduled) throw new Error(`No submit was scheduled in ${videoId}`);
  return scheduled;
}

export async function resetToBeforeSubmit(harness: Harness, videoId: string): Promise<void> {
  const { workflowTaskCompletedEventId = null } = await submitOf(harness, videoId);
  await resetTo(harness, { videoId, workflowTaskFinishEventId: workflowTaskCompletedEventId });
}

/** To the last step that the run had finished before its cancellation was requested. */
export async function resetToBeforeCancellation(harness: Harness, videoId: string): Promise<void> {
  const events = await fetchEvents(harness, videoId);
  const cancelledAt = events.findIndex(
    (event) => event.workflowExecutionCancelRequestedEventAttributes,
  );
  const finished = events
    .slice(0, cancelledAt)
    .findLast((event) => event.workflowTaskCompletedEventAttributes);
  if (!finished) throw new Error(`${videoId} has finished nothing before its cancellation`);
  await resetTo(harness, { videoId, workflowTaskFinishEventId: finished.eventId ?? null });
}

type Request = temporal.api.workflowservice.v1.IResetWorkflowExecutionRequest;
type Finished = NonNullable<Request['workflowTaskFinishEventId']> | null;

async function resetTo(
  { connection, namespace }: Harness,
  { videoId, workflowTaskFinishEventId }: { videoId: string; workflowTaskFinishEventId: Finished },
): Promise<void> {
  await connection.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: videoId },
    workflowTaskFinishEventId,
    reason: 'a mistake',
    requestId: randomUUID(),
  });
}

/** The requests that the buttons of the Temporal UI send for the submit of a run. */
export async function press(
  harness: Harness,
  videoId: string,
  ...buttons: ('pause' | 'unpause' | 'reset')[]
) {
  const { workflowService: service } = harness.connection;
  const { activityId: id = null } = await submitOf(harness, videoId);
  const activity = { namespace: harness.namespace, execution: { workflowId: videoId }, id };
  for (const button of buttons) {
    if (button === 'pause') await service.pauseActivity({ ...activity, reason: 'a mistake' });
    if (button === 'unpause') await service.unpauseActivity({ ...activity, resetAttempts: true });
    if (button === 'reset') await service.resetActivity(activity);
  }
}

export async function adoptPaidJob(harness: Harness, videoId: string): Promise<void> {
  const [job] = harness.gateway.ledger.paidJobs;
  await harness.client.resolve(videoId, { action: 'adopt', jobId: job?.jobId ?? '' });
}

export async function expectDelivered(harness: Harness, videoId: string): Promise<void> {
  const outcome = await harness.client.wait(videoId);
  expect(outcome).toMatchObject({ outcome: 'stored' });
  expectOnePost(harness);
}

export function expectOnePost({ gateway: { ledger } }: Harness): void {
  expect(ledger.posts).toHaveLength(1);
  expect(ledger.paidJobs).toHaveLength(1);
}

/** The new database knows nothing of it; the worker brings the search attributes. */
export async function registerNamespace({ connection, namespace }: Harness): Promise<void> {
  const workflowExecutionRetentionPeriod = msToTs('1 day');
  const own = { namespace, workflowExecutionRetentionPeriod };
  await connection.workflowService.registerNamespace(own);
  await until('the namespace', () =>
    connection.operatorService.listSearchAttributes({ namespace }).catch(() => null),
  );
}
