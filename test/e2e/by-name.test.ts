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
import { setStage, untilPhase, type Stage } from './stage.ts';

const run = promisify(execFile);

/** Other languages start videos by name; the `temporal` command represents all of them. */
let stage: Stage;
let temporal: string;
let folder: string;
let codec: CodecServer | null;

beforeAll(async () => {
  // Nothing is done to a job under way here: it may take a second.
  stage = await setStage({ speed: 100 });
  await stage.startWorker();
  codec = await remoteCodec(stage);
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
  await stage?.[Symbol.asyncDispose]();
  await codec?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function workflow(command: string, id: string, ...args: string[]): Promise<string> {
  const where = ['--address', stage.address, '--namespace', stage.namespace];
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
    await untilPhase(stage, 'video/by-name', ['stored']);
    expect(await workflow('query', 'video/by-name', '--type', 'videoStatus')).toContain('stored');
    expect(await workflow('result', 'video/by-name')).toContain('sha256');
  });

  test('starting a video under the key of another request of a client is a conflict', async () => {
    const other = playing('dl-ok');
    const joined = stage.client.start(other, { key: 'by-name' });
    await expect(joined).rejects.toMatchObject({ kind: 'key_conflict' });
    const same = await stage.client.start(astronaut, { key: 'by-name' });
    expect(same.outcome).toBe('cached');
  });

  test('starting a video again under an id that has paid submits nothing and delivers the same job', async () => {
    const paid = stage.gateway.ledger.paidJobs.length;
    await start('video/by-name', { request: astronaut }, '--id-reuse-policy', 'AllowDuplicate');
    await untilPhase(stage, 'video/by-name', ['stored']);
    expect(stage.gateway.ledger.paidJobs).toHaveLength(paid);
  });

  test('starting a video again under an id whose failed job may have been billed returns the same failure, with no POST', async () => {
    const request = playing('poll-quota-field');
    await start('video/failed', { request });
    const first = await untilPhase(stage, 'video/failed', ['failed']);
    const posts = stage.gateway.ledger.posts.length;
    await start('video/failed', { request }, '--id-reuse-policy', 'AllowDuplicate');
    const again = await untilPhase(stage, 'video/failed', ['failed']);
    expect(again.failure).toMatchObject({ kind: first.failure?.kind, jobId: first.failure?.jobId });
    expect(again.failure?.message).toContain('Not started again');
    expect(again.billed).toBe(first.billed);
    expect(stage.gateway.ledger.posts).toHaveLength(posts);
  });

  test('starting a video again under an id whose failed job was refunded submits a new job', async () => {
    const request = playing('poll-failed-no-error');
    await start('video/refunded', { request });
    const first = await untilPhase(stage, 'video/refunded', ['failed']);
    expect(first.billed).toBe('no');
    const posts = stage.gateway.ledger.posts.length;
    await start('video/refunded', { request }, '--id-reuse-policy', 'AllowDuplicate');
    const again = await untilPhase(stage, 'video/refunded', ['failed']);
    expect(again.jobId).not.toBe(first.jobId);
    expect(stage.gateway.ledger.posts).toHaveLength(posts + 1);
  });

  test('starting a video with an invalid request returns one clear failure, billed: no', async () => {
    await start('video/wrong', {
      request: { format: 'generations', body: { prompt: 'no model' } },
    });
    const status = await untilPhase(stage, 'video/wrong', ['failed']);
    expect(status).toMatchObject({ billed: 'no', failure: { kind: 'invalid_request' } });
    expect(status.failure?.message).toContain('model');
  });

  test('collects an existing job, as client.adopt does, with no POST', async () => {
    const [job] = stage.gateway.ledger.paidJobs;
    const posts = stage.gateway.ledger.posts.length;
    const { videoId } = await stage.client.adopt({
      format: 'generations',
      jobId: job?.jobId ?? '',
    });
    await untilPhase(stage, videoId, ['stored']);
    const again = await stage.client.adopt({ format: 'generations', jobId: job?.jobId ?? '' });
    expect(again.outcome).toBe('cached');
    expect(stage.gateway.ledger.posts).toHaveLength(posts);
  });

  test('starts a batch whose manifest is in the storage of the workers', async () => {
    const storage = createFileStorage({ folder: stage.env.STORAGE_URL });
    const row = { key: 'row-1', line: 1, request: playing('dl-ok'), tags: ['launch'] };
    await storage.writeSmall('manifests/launch.jsonl', Buffer.from(`${JSON.stringify(row)}\n`));
    const batch = { name: 'launch', manifest: { key: 'manifests/launch.jsonl' }, window: 20 };
    const type = ['--type', 'videoBatchWorkflow', '--task-queue', 'video-workflows'];
    const input = ['--input', JSON.stringify({ ...batch, caps: { videos: 500 } })];
    const posts = stage.gateway.ledger.posts.length;
    await workflow('start', 'batch/launch', ...type, ...input);
    await stage.client.batches.wait('launch');
    const status = ['--type', 'batchStatus'];
    expect(await workflow('query', 'batch/launch', ...status)).toContain('"stored":1');
    expect(await workflow('result', 'batch/launch')).toContain('results.jsonl');
    expect(stage.gateway.ledger.posts).toHaveLength(posts + 1);
  });

  test('sends signals, resolves and cancels', async () => {
    await start('video/lost', { request: playing('submit-drop-after-body') });
    await untilPhase(stage, 'video/lost', ['unresolved']);
    await workflow(
      'signal',
      'video/lost',
      '--name',
      'videoJobEvent',
      '--input',
      '{"source":"test"}',
    );
    const jobId = stage.gateway.ledger.paidJobs.at(-1)?.jobId ?? '';
    const decision = JSON.stringify({ action: 'adopt', jobId });
    const update = ['--name', 'resolveSubmission', '--input', decision];
    await workflow('update execute', 'video/lost', ...update);
    await untilPhase(stage, 'video/lost', ['stored']);
    await start('video/unwanted', { request: playing('poll-never-finishes') });
    await untilPhase(stage, 'video/unwanted', ['queued', 'running']);
    await workflow('cancel', 'video/unwanted');
    await untilPhase(stage, 'video/unwanted', ['cancelled']);
  });
});
