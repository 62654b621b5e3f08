import { temporal } from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { admissionId } from '../../src/identity/admission-id.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { fetchEvents } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

const { TaskQueueType, VersioningBehavior } = temporal.api.enums.v1;
const deploymentName = 'onetake';

/** As `temporal worker deployment set-current-version` does it, once the version polls all queues. */
async function makeCurrent(harness: Harness, buildId: string): Promise<void> {
  const { connection, namespace } = harness;
  await until(`version ${buildId} on all queues`, async () => {
    const polled = await queuesOf(harness, buildId);
    return polled.length === Object.keys(taskQueues).length;
  });
  await connection.workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName,
    buildId,
  });
}

async function versionOf(
  { connection, namespace }: Harness,
  buildId: string,
): Promise<temporal.api.workflowservice.v1.IDescribeWorkerDeploymentVersionResponse> {
  try {
    return await connection.workflowService.describeWorkerDeploymentVersion({
      namespace,
      deploymentVersion: { deploymentName, buildId },
    });
  } catch {
    // Not known before its first poll.
    return {};
  }
}

/** Queues whose own kind of task, workflow or activity, the version polls. */
async function queuesOf(harness: Harness, buildId: string): Promise<string[]> {
  const { versionTaskQueues } = await versionOf(harness, buildId);
  return (versionTaskQueues ?? []).flatMap(({ name, type }) => {
    const kind =
      name === taskQueues.workflows
        ? TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        : TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
    return name && type === kind ? [name] : [];
  });
}

/** The builds whose workers completed workflow tasks of a run, each once, in their order. */
async function buildsOf(harness: Harness, workflowId: string): Promise<string[]> {
  const events = await fetchEvents(harness, workflowId);
  const builds = events.flatMap(({ workflowTaskCompletedEventAttributes: done }) =>
    done ? [done.deploymentVersion?.buildId ?? 'unversioned'] : [],
  );
  return [...new Set(builds)];
}

/** The processes that began activities of a run, each once; the SDK names a worker `pid@host`. */
async function processesOf(harness: Harness, workflowId: string): Promise<number[]> {
  const events = await fetchEvents(harness, workflowId);
  const pids = events.flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started ? [Number.parseInt(started.identity ?? '', 10)] : [],
  );
  return [...new Set(pids)];
}

function admissionOf({ gateway }: Harness): string {
  return admissionId({ gateway: new URL(gateway.url).origin, key: gateway.apiKey });
}

/** Longer than a second worker needs to come up, on a busy machine. */
const slow = 3;

async function delivered(harness: Harness, videoId: string) {
  const { outcome } = await harness.client.wait(videoId);
  return outcome;
}

describe('two versions of the worker', () => {
  test('keep a video on the build that started it; new videos and the admission go to the current build', async () => {
    await using harness = await createHarness({ speed: slow });
    const first = await harness.startWorker({ WORKER_BUILD_ID: 'v1' });
    await makeCurrent(harness, 'v1');
    const { videoId: old } = await harness.client.start(playing('dl-ok'));
    await untilPhase(harness, old, ['queued', 'running']);

    const second = await harness.startWorker({ WORKER_BUILD_ID: 'v2' });
    await makeCurrent(harness, 'v2');
    const { videoId: next } = await harness.client.start(astronaut);
    await untilPhase(harness, next, ['queued', 'running']);
    expect(['queued', 'running']).toContain((await harness.client.status(old)).phase);
    expect(await delivered(harness, old)).toBe('stored');
    await first.stop();
    expect(await delivered(harness, next)).toBe('stored');

    expect(await buildsOf(harness, old)).toEqual(['v1']);
    expect(await processesOf(harness, old)).toEqual([first.pid]);
    expect(await buildsOf(harness, next)).toEqual(['v2']);
    expect(await processesOf(harness, next)).toEqual([second.pid]);
    expect(await buildsOf(harness, admissionOf(harness))).toEqual(['v1', 'v2']);
    expect(harness.gateway.ledger.posts).toHaveLength(2);
    expect(await harness.client.status(old)).toMatchObject({ phase: 'stored' });
  });

  test('move the admission and the videos of unversioned workers to the first version', async () => {
    await using harness = await createHarness({ speed: slow });
    const unversioned = await harness.startWorker();
    const { videoId } = await harness.client.start(playing('dl-ok'));
    await untilPhase(harness, videoId, ['queued', 'running']);

    await harness.startWorker({ WORKER_BUILD_ID: 'v1' });
    await makeCurrent(harness, 'v1');
    await unversioned.stop();
    expect(await delivered(harness, videoId)).toBe('stored');

    expect(await buildsOf(harness, videoId)).toEqual(['unversioned', 'v1']);
    await until('the admission to go over', async () => {
      const { connection, namespace } = harness;
      const { workflowExecutionInfo: run } =
        await connection.workflowService.describeWorkflowExecution({
          namespace,
          execution: { workflowId: admissionOf(harness) },
        });
      return run?.versioningInfo?.behavior === VersioningBehavior.VERSIONING_BEHAVIOR_AUTO_UPGRADE;
    });
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });
});
