import { describe, expect, test } from 'vitest';
import { createStatusReader } from '../../src/client/status-reader.ts';
import { tenantVideoId } from '../../src/identity/tenant-video.ts';
import type { ServePorts } from '../../src/serve/ports.ts';
import { deleteVideo, resolveVideo } from '../../src/serve/videos/act-on-video.ts';
import { createVideo } from '../../src/serve/videos/create-video.ts';
import { findVideo } from '../../src/serve/videos/find-video.ts';
import { isDeleted, markDeleted } from '../../src/serve/videos/deleted-videos.ts';
import { listVideos } from '../../src/serve/videos/list-videos.ts';
import { videoObject } from '../../src/serve/videos/video-object.ts';
import { createFakeClient, startTime, type ClientScript } from '../fakes/fake-client.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';
import { endings, failure, result } from '../client/outcomes.ts';
import { serveHarness } from './serve-harness.ts';

const tenant = { name: 'acme', keyId: 'k_1' };
const id = `video_${'0'.repeat(40)}`;
const videoId = tenantVideoId('acme', id) ?? '';

/** Ports over a Temporal client that answers as scripted. */
async function scripted(script: ClientScript, more: Partial<ServePorts> = {}) {
  const { ports } = await serveHarness();
  const { client, calls } = createFakeClient(script);
  const count = () => Promise.resolve({ count: script.list?.length ?? 0 });
  const temporal = Object.assign(client, {
    workflow: Object.assign(client.workflow, { count }),
  });
  const scriptedPorts = { ...ports, temporal, read: createStatusReader(client), ...more };
  return { ports: scriptedPorts as ServePorts, calls };
}

describe('a create', () => {
  const given = {
    request: {
      format: 'videos' as const,
      body: { model: 'sora-2', prompt: 'A cat', seconds: '4', size: '1280x720' },
    },
    options: { retryCount: null, receivedAt: startTime.getTime(), waitMs: 0, tags: [] },
  };

  test('that has started its run answers with the id, although nothing can be read', async () => {
    const { ports, temporal, errors } = await serveHarness();
    const unread = { ...ports, read: () => Promise.reject(new Error('lost')) };
    const video = videoObject(await createVideo(unread, tenant, given));
    expect(video).toMatchObject({
      status: 'queued',
      onetake: { outcome: 'started', billed: 'maybe' },
    });
    expect([...temporal.runs.keys()]).toEqual([tenantVideoId('acme', video.id)]);
    expect(errors).toHaveLength(1);
  });

  test('counts the tags of a caller apart from those of other tenants', async () => {
    const { ports, temporal } = await serveHarness();
    await createVideo(ports, tenant, { ...given, options: { ...given.options, tags: ['drafts'] } });
    expect([...temporal.runs.values()]).toMatchObject([{ tags: ['tenant:acme', 'acme/drafts'] }]);
  });
});

describe('a receiver that reads a video during video.completed', () => {
  const startedAt = startTime.toISOString();
  const live = { phase: 'stored', billed: 'yes', startedAt, changedAt: '2026-11-23T10:05:00Z' };

  test('sees when it was completed, although its run is open', async () => {
    const { ports } = await scripted({ runs: [{ phase: 'delivering' }], query: () => live });
    const video = videoObject(await findVideo(ports, tenant, id));
    const completed_at = Date.parse(live.changedAt) / 1_000;
    expect(video).toMatchObject({ status: 'completed', completed_at });
  });

  test('sees that it is completed, although its run does not answer', async () => {
    const { storage } = await tempStorage();
    const { ports } = await scripted({ runs: [{ phase: 'delivering' }] }, { storage });
    expect(videoObject(await findVideo(ports, tenant, id)).status).toBe('in_progress');
    await keepVideo(storage, videoId.replace('video/', ''), { storedAt: live.changedAt });
    const video = videoObject(await findVideo(ports, tenant, id));
    const completed_at = Date.parse(live.changedAt) / 1_000;
    expect(video).toMatchObject({ status: 'completed', progress: 100, completed_at });
    expect(video.created_at).toBe(startTime.getTime() / 1_000);
  });
});

describe('a decision to adopt a job', () => {
  const adopt = { id, decision: { action: 'adopt' as const, jobId: 'task_foreign' } };

  test.each([
    ['is refused while no worker says which jobs are candidates', 'unresolved', 'no_answer'],
    ['is refused before the submit is unresolved', 'submitting', 'wrong_phase'],
  ])('%s', async (_, phase, kind) => {
    const { ports, calls } = await scripted({ runs: [{ phase }] });
    await expect(resolveVideo(ports, tenant, adopt)).rejects.toMatchObject({ kind });
    expect(calls.filter(({ name }) => name === 'update')).toEqual([]);
  });
});

describe('a deletion', () => {
  const stored: ClientScript = { runs: [{ status: 'COMPLETED' }], result: () => result };

  test('hides the run that was deleted, and not one that was started again', async () => {
    const { storage } = await tempStorage();
    await markDeleted(storage, { videoId, runId: 'run-1', fileKeys: [], deletedAt: startTime });
    expect(await isDeleted(storage, { videoId, runId: 'run-1' })).toBe(true);
    expect(await isDeleted(storage, { videoId, runId: 'run-2' })).toBe(false);
  });

  test('whose file could not be removed is finished by the next one', async () => {
    const { storage } = await tempStorage();
    const { key } = result.video;
    await storage.writeSmall(key, Buffer.from('a video'));
    let isBroken = true;
    const flaky = withFailing(storage, ['remove'], () => isBroken);
    const { ports } = await scripted(stored, { storage: flaky });
    await expect(deleteVideo(ports, tenant, id)).rejects.toThrow('the disk is gone');
    isBroken = false;
    await deleteVideo(ports, tenant, id);
    expect(await storage.head(key)).toBeNull();
  });
});

describe('a list', () => {
  test('has no row for a failed run that was started again', async () => {
    const { ports } = await scripted({
      runs: [{ runId: 'run-2', status: 'COMPLETED' }],
      result: () => result,
      list: [{ workflowId: videoId, runId: 'run-1', status: 'FAILED' }],
    });
    const page = await listVideos(ports, tenant, { limit: 10, order: 'desc' });
    expect(page.videos).toEqual([]);
  });

  test('says why a video failed', async () => {
    const { ports } = await scripted({
      runs: [{ status: 'FAILED' }],
      result: endings.failed(),
      list: [{ workflowId: videoId, status: 'FAILED' }],
    });
    const { videos } = await listVideos(ports, tenant, { limit: 1, order: 'desc' });
    expect(videos.map((video) => videoObject(video))).toMatchObject([
      { error: { code: 'task_failed', message: failure.message } },
    ]);
  });
});

test.each([
  ['storage_unavailable', 'Cannot write in folder "/srv/secret"'],
  ['cap_exceeded', 'Cap for 2026-11-30: 100 money, 87.5 spent'],
  ['job_taken', 'The job belongs to "video/@other/video_1"'],
] as const)('a failure of kind %s does not show what is the operator’s', (kind, message) => {
  const status = {
    videoId,
    phase: 'failed' as const,
    billed: 'no' as const,
    startedAt: startTime.toISOString(),
    live: false,
    failure: { kind, message, billed: 'no' as const },
  };
  const memo = { model: 'sora-2', prompt: null, seconds: '', size: '' };
  const shown = videoObject({ status, memo, createdAt: 0, completedAt: null });
  expect(JSON.stringify(shown)).not.toContain(message.slice(-12));
  expect(shown.error?.code).toBe(kind);
});

test('HEAD of a stream opens none', async () => {
  const { app, ports, temporal } = await serveHarness();
  temporal.runs.set(tenantVideoId('local', id) ?? '', {});
  const answer = await app.request(`/v1/videos/${id}/events`, {
    method: 'HEAD',
    headers: { host: '127.0.0.1' },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(ports.streams.size).toBe(0);
});

test('viewers that open streams of a video at the same moment share one read of it', async () => {
  const { app, ports, temporal } = await serveHarness();
  temporal.runs.set(tenantVideoId('local', id) ?? '', {});
  let reads = 0;
  const { read } = ports;
  ports.read = (videoId, options) => {
    reads += 1;
    return read(videoId, options);
  };
  const headers = { host: '127.0.0.1', 'last-event-id': 'end' };
  const open = async () => app.request(`/v1/videos/${id}/events`, { headers });
  const answers = await Promise.all(Array.from({ length: 50 }, open));
  expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(204));
  expect(reads).toBeLessThan(10);
});

test('a stream ends with its next text after its key was revoked', async () => {
  const { app, ports, temporal } = await serveHarness();
  temporal.runs.set(tenantVideoId('local', id) ?? '', {});
  ports.links = { ...ports.links, isActive: () => Promise.resolve(false) };
  const headers = { host: '127.0.0.1' };
  const answer = await app.request(`/v1/videos/${id}/events`, { headers });
  expect(await answer.text()).toBe('');
  expect(ports.streams.size).toBe(0);
});
