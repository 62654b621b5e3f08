import { temporal } from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { admissionId } from '../../src/identity/admission-id.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { fetchEvents } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { setStage, until, untilPhase, type Stage } from './stage.ts';

const { TaskQueueType, VersioningBehavior } = temporal.api.enums.v1;
const deploymentName = 'onetake';

/** As `temporal worker deployment set-current-version` does it, once the version polls all queues. */
async function makeCurrent(stage: Stage, buildId: string): Promise<void> {
  const { connection, namespace } = stage;
  await until(`version ${buildId} on all queues`, async () => {
    const polled = await queuesOf(stage, buildId);
    return polled.length === Object.keys(taskQueues).length;
  });
  await connection.workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName,
    buildId,
  });
}

async function versionOf(
  { connection, namespace }: Stage,
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
async function queuesOf(stage: Stage, buildId: string): Promise<string[]> {
  const { versionTaskQueues } = await versionOf(stage, buildId);
  return (versionTaskQueues ?? []).flatMap(({ name, type }) => {
    const kind =
      name === taskQueues.workflows
        ? TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        : TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
    return name && type === kind ? [name] : [];
  });
}

/** The builds whose workers completed workflow tasks of a run, each once, in their order. */
async function buildsOf(stage: Stage, workflowId: string): Promise<string[]> {
  const events = await fetchEvents(stage, workflowId);
  const builds = events.flatMap(({ workflowTaskCompletedEventAttributes: done }) =>
    done ? [done.deploymentVersion?.buildId ?? 'unversioned'] : [],
  );
  return [...new Set(builds)];
}

/** The processes that began activities of a run, each once; the SDK names a worker `pid@host`. */
async function processesOf(stage: Stage, workflowId: string): Promise<number[]> {
  const events = await fetchEvents(stage, workflowId);
  const pids = events.flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started ? [Number.parseInt(started.identity ?? '', 10)] : [],
  );
  return [...new Set(pids)];
}

function admissionOf({ gateway }: Stage): string {
  return admissionId({ gateway: new URL(gateway.url).origin, key: gateway.apiKey });
}

/** Longer than a second worker needs to come up, on a busy machine. */
const slow = 3;

async function delivered(stage: Stage, videoId: string) {
  const { outcome } = await stage.client.wait(videoId);
  return outcome;
}

describe('two versions of the worker', () => {
  test('keep a video on the build that started it; new videos and the admission go to the current build', async () => {
    await using stage = await setStage({ speed: slow });
    const first = await stage.startWorker({ WORKER_BUILD_ID: 'v1' });
    await makeCurrent(stage, 'v1');
    const { videoId: old } = await stage.client.start(playing('dl-ok'));
    await untilPhase(stage, old, ['queued', 'running']);

    const second = await stage.startWorker({ WORKER_BUILD_ID: 'v2' });
    await makeCurrent(stage, 'v2');
    const { videoId: next } = await stage.client.start(astronaut);
    await untilPhase(stage, next, ['queued', 'running']);
    expect(['queued', 'running']).toContain((await stage.client.status(old)).phase);
    expect(await delivered(stage, old)).toBe('stored');
    await first.stop();
    expect(await delivered(stage, next)).toBe('stored');

    expect(await buildsOf(stage, old)).toEqual(['v1']);
    expect(await processesOf(stage, old)).toEqual([first.pid]);
    expect(await buildsOf(stage, next)).toEqual(['v2']);
    expect(await processesOf(stage, next)).toEqual([second.pid]);
    expect(await buildsOf(stage, admissionOf(stage))).toEqual(['v1', 'v2']);
    expect(stage.gateway.ledger.posts).toHaveLength(2);
    expect(await stage.client.status(old)).toMatchObject({ phase: 'stored' });
  });

  test('move the admission and the videos of unversioned workers to the first version', async () => {
    await using stage = await setStage({ speed: slow });
    const unversioned = await stage.startWorker();
    const { videoId } = await stage.client.start(playing('dl-ok'));
    await untilPhase(stage, videoId, ['queued', 'running']);

    await stage.startWorker({ WORKER_BUILD_ID: 'v1' });
    await makeCurrent(stage, 'v1');
    await unversioned.stop();
    expect(await delivered(stage, videoId)).toBe('stored');

    expect(await buildsOf(stage, videoId)).toEqual(['unversioned', 'v1']);
    await until('the admission to go over', async () => {
      const { connection, namespace } = stage;
      const { workflowExecutionInfo: run } =
        await connection.workflowService.describeWorkflowExecution({
          namespace,
          execution: { workflowId: admissionOf(stage) },
        });
      return run?.versioningInfo?.behavior === VersioningBehavior.VERSIONING_BEHAVIOR_AUTO_UPGRADE;
    });
    expect(stage.gateway.ledger.posts).toHaveLength(1);
  });
});
