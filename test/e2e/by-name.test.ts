import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { binarySources } from '../../src/dev/temporal-server.ts';
import { tryInOrder } from '../../src/dev/binary-source.ts';
import type { CodecServer } from '../../src/codec/codec-server.ts';
import { codecFlags, remoteCodec } from './remote-codec.ts';
import { astronaut, playing } from './requests.ts';
import { createHarness, untilPhase, type Harness } from './harness.ts';

const run = promisify(execFile);

/** Other languages start videos by name; the `temporal` command represents all of them. */
let harness: Harness;
let temporal: string;
let folder: string;
let codec: CodecServer | null;

beforeAll(async () => {
  // Nothing is done to a job under way here: it may take a second.
  harness = await createHarness({ speed: 100 });
  await harness.startWorker();
  codec = await remoteCodec(harness);
  folder = await mkdtemp(join(tmpdir(), 'onetake-by-name-'));
  const sources = await binarySources({ env: process.env, onProgress: () => {} });
  ({ path: temporal } = await tryInOrder({
    sources,
    sought: 'temporal',
    advice: '',
    onProgress: () => {},
  }));
});
afterAll(async () => {
  await harness?.[Symbol.asyncDispose]();
  await codec?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function workflow(command: string, id: string, ...args: string[]): Promise<string> {
  const where = ['--address', harness.address, '--namespace', harness.namespace];
  const { stdout } = await run(temporal, [
    'workflow',
    ...command.split(' '),
    '--workflow-id',
    id,
    ...where,
    ...codecFlags(codec),
    ...args,
  ]);
  return stdout;
}

function start(id: string, input: object, ...args: string[]): Promise<string> {
  const type = ['--type', 'generateVideoWorkflow', '--task-queue', 'video-workflows'];
  return workflow('start', id, ...type, '--input', JSON.stringify(input), ...args);
}

describe('the temporal command', () => {
  test('starts a video by name, and reads its status and its result', async () => {
    await start('video/by-name', { request: astronaut });
    await untilPhase(harness, 'video/by-name', ['stored']);
    expect(await workflow('query', 'video/by-name', '--type', 'videoStatus')).toContain('stored');
    expect(await workflow('result', 'video/by-name')).toContain('sha256');
  });

  test('starting a video under the key of another request of a client is a conflict', async () => {
    const other = playing('dl-ok');
    const joined = harness.client.start(other, { key: 'by-name' });
    await expect(joined).rejects.toMatchObject({ kind: 'key_conflict' });
    const same = await harness.client.start(astronaut, { key: 'by-name' });
    expect(same.outcome).toBe('cached');
  });

  test('starting a video again under an id that has paid submits nothing and delivers the same job', async () => {
    const paid = harness.gateway.ledger.paidJobs.length;
    await start('video/by-name', { request: astronaut }, '--id-reuse-policy', 'AllowDuplicate');
    await untilPhase(harness, 'video/by-name', ['stored']);
    expect(harness.gateway.ledger.paidJobs).toHaveLength(paid);
  });

  test('starting a video again under an id whose failed job may have been billed returns the same failure, with no POST', async () => {
    const request = playing('poll-quota-field');
    await start('video/failed', { request });
    const first = await untilPhase(harness, 'video/failed', ['failed']);
    const posts = harness.gateway.ledger.posts.length;
    await start('video/failed', { request }, '--id-reuse-policy', 'AllowDuplicate');
    const again = await untilPhase(harness, 'video/failed', ['failed']);
    expect(again.failure).toMatchObject({ kind: first.failure?.kind, jobId: first.failure?.jobId });
    expect(again.failure?.message).toContain('Not started again');
    expect(again.billed).toBe(first.billed);
    expect(harness.gateway.ledger.posts).toHaveLength(posts);
  });

  test('starting a video again under an id whose failed job was refunded submits a new job', async () => {
    const request = playing('poll-failed-no-error');
    await start('video/refunded', { request });
    const first = await untilPhase(harness, 'video/refunded', ['failed']);
    expect(first.billed).toBe('no');
    const posts = harness.gateway.ledger.posts.length;
    await start('video/refunded', { request }, '--id-reuse-policy', 'AllowDuplicate');
    const again = await untilPhase(harness, 'video/refunded', ['failed']);
    expect(again.jobId).not.toBe(first.jobId);
    expect(harness.gateway.ledger.posts).toHaveLength(posts + 1);
  });

  test('starting a video with an invalid request returns one clear failure, billed: no', async () => {
    await start('video/wrong', {
      request: { format: 'generations', body: { prompt: 'no model' } },
    });
    const status = await untilPhase(harness, 'video/wrong', ['failed']);
    expect(status).toMatchObject({ billed: 'no', failure: { kind: 'invalid_request' } });
    expect(status.failure?.message).toContain('model');
  });

  test('collects an existing job, as client.adopt does, with no POST', async () => {
    const [job] = harness.gateway.ledger.paidJobs;
    const posts = harness.gateway.ledger.posts.length;
    const { videoId } = await harness.client.adopt({
      format: 'generations',
      jobId: job?.jobId ?? '',
    });
    await untilPhase(harness, videoId, ['stored']);
    const again = await harness.client.adopt({ format: 'generations', jobId: job?.jobId ?? '' });
    expect(again.outcome).toBe('cached');
    expect(harness.gateway.ledger.posts).toHaveLength(posts);
  });

  test('starts a batch whose manifest is in the storage of the workers', async () => {
    const storage = createFileStorage({ folder: harness.env.STORAGE_URL });
    const row = { key: 'row-1', line: 1, request: playing('dl-ok'), tags: ['launch'] };
    await storage.writeSmall('manifests/launch.jsonl', Buffer.from(`${JSON.stringify(row)}\n`));
    const batch = { name: 'launch', manifest: { key: 'manifests/launch.jsonl' }, window: 20 };
    const type = ['--type', 'videoBatchWorkflow', '--task-queue', 'video-workflows'];
    const input = ['--input', JSON.stringify({ ...batch, caps: { videos: 500 } })];
    const posts = harness.gateway.ledger.posts.length;
    await workflow('start', 'batch/launch', ...type, ...input);
    await harness.client.batches.wait('launch');
    const status = ['--type', 'batchStatus'];
    expect(await workflow('query', 'batch/launch', ...status)).toContain('"stored":1');
    expect(await workflow('result', 'batch/launch')).toContain('results.jsonl');
    expect(harness.gateway.ledger.posts).toHaveLength(posts + 1);
  });

  test('sends signals, resolves and cancels', async () => {
    await start('video/lost', { request: playing('submit-drop-after-body') });
    await untilPhase(harness, 'video/lost', ['unresolved']);
    await workflow(
      'signal',
      'video/lost',
      '--name',
      'videoJobEvent',
      '--input',
      '{"source":"test"}',
    );
    const jobId = harness.gateway.ledger.paidJobs.at(-1)?.jobId ?? '';
    const decision = JSON.stringify({ action: 'adopt', jobId });
    const update = ['--name', 'resolveSubmission', '--input', decision];
    await workflow('update execute', 'video/lost', ...update);
    await untilPhase(harness, 'video/lost', ['stored']);
    await start('video/unwanted', { request: playing('poll-never-finishes') });
    await untilPhase(harness, 'video/unwanted', ['queued', 'running']);
    await workflow('cancel', 'video/unwanted');
    await untilPhase(harness, 'video/unwanted', ['cancelled']);
  });
});
