import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CancelledFailure, Client, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPayloadCodec } from '../../src/client.ts';
import { codecConfig } from '../../src/config/codec-config.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import type { GenerateVideo } from '../../src/nexus/video-service.ts';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import { createNamespace } from '../support/namespace.ts';
import type * as caller from './nexus-caller.ts';
import { playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

/** Another team, with its own namespace, worker and workflows. */
interface Caller extends AsyncDisposable {
  client: Client;
  endpoint: string;
}

const callerQueue = 'campaigns';

let harness: Harness;
let team: Caller;
beforeAll(async () => {
  // Nothing is done to a job under way here: it may take a second.
  harness = await createHarness({ speed: 100 });
  await harness.startWorker();
  team = await setCaller(harness);
});
afterAll(async () => {
  await team?.[Symbol.asyncDispose]();
  await harness?.[Symbol.asyncDispose]();
});

async function setCaller({
  address,
  connection,
  namespace: target,
  env,
}: Harness): Promise<Caller> {
  const namespace = await createNamespace(connection);
  const endpoint = `videos-${randomUUID()}`;
  await connection.operatorService.createNexusEndpoint({
    spec: {
      name: endpoint,
      target: { worker: { namespace: target, taskQueue: taskQueues.workflows } },
    },
  });
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  // If onetake encrypts payloads, its callers in other namespaces use the same keys.
  const dataConverter = { payloadCodecs: [createPayloadCodec(codecConfig(env).keys)] };
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue: callerQueue,
    dataConverter,
    workflowsPath: fileURLToPath(new URL('nexus-caller.ts', import.meta.url)),
  });
  const running = worker.run();
  return {
    client: new Client({ connection, namespace, dataConverter }),
    endpoint,
    [Symbol.asyncDispose]: async () => {
      worker.shutdown();
      await running;
      await native.close();
    },
  };
}

function start<T extends keyof typeof caller>(
  workflow: T,
  argument: Parameters<(typeof caller)[T]>[1],
): Promise<WorkflowHandle<(typeof caller)[T]>> {
  return team.client.workflow.start<(typeof caller)[T]>(workflow, {
    taskQueue: callerQueue,
    workflowId: randomUUID(),
    args: [team.endpoint, argument] as Parameters<(typeof caller)[T]>,
  });
}

async function end<T extends keyof typeof caller>(
  workflow: T,
  argument: Parameters<(typeof caller)[T]>[1],
) {
  return (await start(workflow, argument)).result();
}

function asked(scenario: string): GenerateVideo {
  return { request: playing(scenario), key: randomUUID() };
}

function posts(): number {
  return harness.gateway.ledger.posts.length;
}

describe('a workflow in another namespace', () => {
  test('gets its video, and other callers with the same key get the same one: one POST', async () => {
    const before = posts();
    const input = asked('dl-ok');
    const [first, second] = await Promise.all([end('makeVideo', input), end('makeVideo', input)]);
    const hit = await end('makeVideo', input);
    expect(first).toMatchObject({ result: { video: { contentType: 'video/mp4' }, billed: 'yes' } });
    expect([second, hit]).toEqual([first, first]);
    expect(posts()).toBe(before + 1);
  });

  test('stores the tags of a video in its claim, and refuses an empty tag', async () => {
    const input: GenerateVideo = { ...asked('dl-ok'), tags: ['spring'], priority: 'batch' };
    await end('makeVideo', input);
    const claim = join(harness.env.STORAGE_URL, claimObjectKey(`video/${input.key}`));
    const booked = { admission: { tags: ['spring'] } };
    expect(JSON.parse(await readFile(claim, 'utf8'))).toMatchObject(booked);
    const wrong = { ...asked('dl-ok'), tags: [''] };
    expect(await end('makeVideo', wrong)).toMatchObject({ failure: { kind: 'invalid_request' } });
  });

  test('reads the status of a video and cancels it for all waiters', async () => {
    const input = asked('poll-never-finishes');
    const waiting = await start('makeVideo', input);
    await untilEvent(waiting, 'nexusOperationStartedEventAttributes');
    await untilPhase(harness, `video/${input.key}`, ['queued', 'running']);
    expect(await end('statusOfVideo', input.key)).toMatchObject({
      videoId: `video/${input.key}`,
      billed: 'yes',
      live: true,
    });
    expect(await end('cancelVideo', input.key)).toEqual({ outcome: 'cancelling' });
    await expect(waiting.result()).rejects.toMatchObject({
      cause: { cause: expect.any(CancelledFailure) },
    });
    expect(await end('statusOfVideo', input.key)).toMatchObject({
      phase: 'cancelled',
      cancellation: { outcome: 'watching_stopped', billed: 'yes' },
    });
  });

  test('stops waiting when its operation is cancelled; the last waiter to leave stops the video', async () => {
    const input = asked('poll-never-finishes');
    const videoId = `video/${input.key}`;
    const [first, second] = await Promise.all([
      start('makeVideo', input),
      start('makeVideo', input),
    ]);
    for (const handle of [first, second])
      await untilEvent(handle, 'nexusOperationStartedEventAttributes');
    await untilPhase(harness, videoId, ['queued', 'running']);
    await first.cancel();
    await untilEvent(first, 'nexusOperationCancelRequestCompletedEventAttributes');
    expect(await harness.client.status(videoId)).not.toMatchObject({ phase: 'cancelled' });
    await second.cancel();
    await untilPhase(harness, videoId, ['cancelled']);
    await expect(second.result()).rejects.toThrow('cancelled');
  });

  test('sees a failure by its kind; a retry of a billed failure fails the same way, with no POST', async () => {
    const input = asked('poll-quota-field');
    const first = await end('makeVideo', input);
    const before = posts();
    const again = await end('makeVideo', input);
    expect(first).toMatchObject({ failure: { kind: 'task_failed', billed: 'maybe' } });
    expect(again).toMatchObject({ failure: { kind: 'task_failed', billed: 'maybe' } });
    expect(posts()).toBe(before);
  });

  test('gets an immediate, unbilled refusal for an invalid request and for a key of another request', async () => {
    const input = asked('dl-ok');
    await end('makeVideo', input);
    const before = posts();
    const other = { ...input, request: playing('dl-ok', 'videos') };
    expect(await end('makeVideo', other)).toMatchObject({
      failure: { kind: 'key_conflict', billed: 'no' },
    });
    const request = { ...input.request, body: { prompt: 'no model' } } as GenerateVideo['request'];
    expect(await end('makeVideo', { key: randomUUID(), request })).toMatchObject({
      failure: { kind: 'invalid_request', billed: 'no' },
    });
    expect(posts()).toBe(before);
  });

  test('gets an immediate error for a video that does not exist', async () => {
    const failed = end('statusOfVideo', 'nobody-asked');
    await expect(failed).rejects.toMatchObject({
      cause: { cause: { message: expect.stringContaining('There is no video') } },
    });
  });
});

type NexusEvent =
  | 'nexusOperationStartedEventAttributes'
  | 'nexusOperationCancelRequestCompletedEventAttributes';

/** The events of the operation in the caller's history. */
async function untilEvent(handle: WorkflowHandle, attributes: NexusEvent): Promise<void> {
  await until(`${attributes} in ${handle.workflowId}`, async () => {
    const { events } = await handle.fetchHistory();
    return events?.some((event) => event[attributes]);
  });
}
