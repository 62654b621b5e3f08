import { randomUUID } from 'node:crypto';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { expect } from 'vitest';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { fetchEvents } from './history.ts';
import { playing } from './requests.ts';
import { until, type Stage } from './stage.ts';

/** Short, so that a submit whose worker died becomes unresolved soon. */
const submitTimeoutMs = 10_000;

export async function startedIn(stage: Stage, request: VideoRequest): Promise<string> {
  const { videoId } = await stage.client.start(request, { submitTimeoutMs });
  return videoId;
}

export async function inThePost(stage: Stage, scenario: string): Promise<string> {
  const videoId = await startedIn(stage, playing(scenario));
  await until('the POST', () => stage.gateway.ledger.posts.length === 1);
  return videoId;
}

/** As a service in another language does it, whatever has been under that id before. */
export async function startByName(
  stage: Stage,
  videoId: string,
  request: VideoRequest,
): Promise<void> {
  await stage.temporal.workflow.start(workflowTypes.generate, {
    taskQueue: taskQueues.workflows,
    workflowId: videoId,
    args: [{ request, submitTimeoutMs }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
}

export function terminate({ temporal }: Stage, videoId: string) {
  return temporal.workflow.getHandle(videoId).terminate('a mistake');
}

async function submitOf(stage: Stage, videoId: string) {
  const events = await fetchEvents(stage, videoId);
  const scheduled = events
    .map((event) => event.activityTaskScheduledEventAttributes)
    .find((attributes) => attributes?.activityType?.name === 'submitVideo');
  if (!scheduled) throw new Error(`No submit was scheduled in ${videoId}`);
  return scheduled;
}

export async function resetToBeforeSubmit(stage: Stage, videoId: string): Promise<void> {
  const { workflowTaskCompletedEventId = null } = await submitOf(stage, videoId);
  await resetTo(stage, { videoId, workflowTaskFinishEventId: workflowTaskCompletedEventId });
}

/** To the last step that the run had finished before its cancellation was requested. */
export async function resetToBeforeCancellation(stage: Stage, videoId: string): Promise<void> {
  const events = await fetchEvents(stage, videoId);
  const cancelledAt = events.findIndex(
    (event) => event.workflowExecutionCancelRequestedEventAttributes,
  );
  const finished = events
    .slice(0, cancelledAt)
    .findLast((event) => event.workflowTaskCompletedEventAttributes);
  if (!finished) throw new Error(`${videoId} has finished nothing before its cancellation`);
  await resetTo(stage, { videoId, workflowTaskFinishEventId: finished.eventId ?? null });
}

type Request = temporal.api.workflowservice.v1.IResetWorkflowExecutionRequest;
type Finished = NonNullable<Request['workflowTaskFinishEventId']> | null;

async function resetTo(
  { connection, namespace }: Stage,
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
  stage: Stage,
  videoId: string,
  ...buttons: ('pause' | 'unpause' | 'reset')[]
) {
  const { workflowService: service } = stage.connection;
  const { activityId: id = null } = await submitOf(stage, videoId);
  const activity = { namespace: stage.namespace, execution: { workflowId: videoId }, id };
  for (const button of buttons) {
    if (button === 'pause') await service.pauseActivity({ ...activity, reason: 'a mistake' });
    if (button === 'unpause') await service.unpauseActivity({ ...activity, resetAttempts: true });
    if (button === 'reset') await service.resetActivity(activity);
  }
}

export async function adoptPaidJob(stage: Stage, videoId: string): Promise<void> {
  const [job] = stage.gateway.ledger.paidJobs;
  await stage.client.resolve(videoId, { action: 'adopt', jobId: job?.jobId ?? '' });
}

export async function expectDelivered(stage: Stage, videoId: string): Promise<void> {
  const outcome = await stage.client.wait(videoId);
  expect(outcome).toMatchObject({ outcome: 'stored' });
  expectOnePost(stage);
}

export function expectOnePost({ gateway: { ledger } }: Stage): void {
  expect(ledger.posts).toHaveLength(1);
  expect(ledger.paidJobs).toHaveLength(1);
}

/** The new database knows nothing of it; the worker brings the search attributes. */
export async function registerNamespace({ connection, namespace }: Stage): Promise<void> {
  const workflowExecutionRetentionPeriod = msToTs('1 day');
  const own = { namespace, workflowExecutionRetentionPeriod };
  await connection.workflowService.registerNamespace(own);
  await until('the namespace', () =>
    connection.operatorService.listSearchAttributes({ namespace }).catch(() => null),
  );
}
