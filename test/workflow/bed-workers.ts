import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createCancelRun } from '../../src/activities/cancel-run.ts';
import type { VideoActivities } from '../../src/contract/activities.ts';
import type { AdmissionActivities } from '../../src/contract/admission.ts';
import type { WebhookActivities } from '../../src/contract/webhook.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { bundledWorkflows } from '../support/workflow-bundle.ts';

/**
 * The workers of the queues of a video, without an admission.
 *
 * @param missing A local activity that the worker of the workflows does not have.
 */
export async function createWorkers(
  env: TestWorkflowEnvironment,
  activities: VideoActivities &
    Partial<Pick<AdmissionActivities, 'leaveAdmission'> & WebhookActivities>,
  missing?: 'leaveAdmission' | 'announceEvent',
) {
  const {
    requestAdmission,
    submitVideo,
    closeUnsent,
    storeVideo,
    leaveAdmission = async () => {},
    announceEvent = async () => {},
    deliverWebhook = async () => ({ status: 204, attempts: 1 }),
    ...onPollQueue
  } = activities;
  const workflows = await bundledWorkflows();
  const local = Object.entries({ leaveAdmission, announceEvent });
  const registered = Object.fromEntries(local.filter(([name]) => name !== missing));
  const connection = env.nativeConnection;
  return Promise.all([
    Worker.create({
      connection,
      taskQueue: taskQueues.workflows,
      ...workflows,
      activities: { cancelRun: createCancelRun(), ...registered },
    }),
    Worker.create({
      connection,
      taskQueue: taskQueues.submit,
      activities: { requestAdmission, submitVideo, closeUnsent },
    }),
    Worker.create({
      connection,
      taskQueue: taskQueues.poll,
      activities: onPollQueue,
    }),
    Worker.create({ connection, taskQueue: taskQueues.download, activities: { storeVideo } }),
    Worker.create({
      connection,
      taskQueue: taskQueues.webhooks,
      activities: { announceEvent, deliverWebhook },
    }),
  ]);
}
