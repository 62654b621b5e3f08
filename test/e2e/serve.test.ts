import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHarness, until, type Harness } from './harness.ts';
import { startServeProcess, type ServeProcess } from './serve-process.ts';

let harness: Harness;
let serve: ServeProcess;
let openai: OpenAI;

beforeAll(async () => {
  harness = await createHarness();
  await harness.startWorker();
  serve = await startServeProcess(harness.env);
  openai = new OpenAI({ baseURL: `${serve.url}/v1`, apiKey: 'none' });
});

afterAll(async () => {
  await serve?.stop();
  await harness?.[Symbol.asyncDispose]();
});

interface Answer {
  status: number;
  headers: Headers;
  body: OurVideo;
}

type OurVideo = OpenAI.Video & {
  error: OpenAI.Video['error'];
  onetake: {
    phase: string;
    billed: string;
    outcome?: string;
    warnings: unknown[];
    unresolved: { candidates: string[] } | null;
    cancellation?: { outcome: string };
  };
};

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${serve.url}${path}`, init);
  const text = await answer.text();
  const body = (text === '' ? {} : JSON.parse(text)) as OurVideo;
  return { status: answer.status, headers: answer.headers, body };
}

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const json = { 'content-type': 'application/json', ...headers };
  return call(path, { method: 'POST', headers: json, body: JSON.stringify(body) });
}

const requestOf = (prompt: string) => ({
  model: 'sora-2',
  prompt,
  seconds: '4',
  size: '1280x720',
});

function create(prompt: string, headers: Record<string, string> = {}): Promise<Answer> {
  return post('/v1/videos', requestOf(prompt), headers);
}

function untilStatus(id: string, statuses: string[]): Promise<OurVideo> {
  return until(`status ${statuses.join(' or ')}`, async () => {
    const { body } = await call(`/v1/videos/${id}?wait=5`);
    return statuses.includes(body.status) && body;
  });
}

const posts = () => harness.gateway.ledger.posts.length;

describe('onetake serve', () => {
  test('makes a video that openai-node creates and polls, with one paid POST', async () => {
    const before = posts();
    const prompt = 'A cat naps in the sun';
    const request = { model: 'sora-2', prompt, seconds: '4', size: '1280x720' } as const;
    const created = await openai.videos.create(request);
    expect(created).toMatchObject({ object: 'video', prompt, seconds: '4', size: '1280x720' });
    const done = await untilStatus(created.id, ['completed', 'failed']);
    expect(done).toMatchObject({ status: 'completed', progress: 100, error: null });
    expect(done.onetake).toMatchObject({ billed: 'yes', phase: 'stored' });
    const page = await openai.videos.list();
    expect(page.data.map(({ id }) => id)).toContain(created.id);
    expect(posts() - before).toBe(1);
  });

  test('gives one video for one key, and refuses the key with another request', async () => {
    const before = posts();
    const key = { 'idempotency-key': randomUUID() };
    const first = await create('A dog', key);
    const again = await create('A dog', key);
    expect([first, again].map(({ body }) => body.onetake.outcome)).toEqual(['started', 'joined']);
    expect(again.body.id).toBe(first.body.id);
    const other = await create('A wolf', key);
    expect(other).toMatchObject({
      status: 422,
      body: { error: { code: 'idempotency_key_reused', type: 'invalid_request_error' } },
    });
    await untilStatus(first.body.id, ['completed']);
    expect((await create('A dog', key)).body.onetake.outcome).toBe('cached');
    expect(posts() - before).toBe(1);
  });

  test('refuses at once what no plugin accepts, with the field', async () => {
    const before = posts();
    const refused = await post('/v1/videos', { model: 'sora-2', prompt: 5 });
    expect(refused).toMatchObject({ status: 400, body: { error: { param: 'prompt' } } });
    expect(posts()).toBe(before);
  });

  test('with "Prefer: wait" answers a refusal of the gateway as 4xx', async () => {
    const refused = await create('[sandbox: submit-403-quota] a cat', { prefer: 'wait=20' });
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: 'insufficient_quota' } },
    });
    expect(refused.headers.get('x-should-retry')).toBe('false');
  });

  test('shows a submit with an unknown outcome as in progress, and takes the decision', async () => {
    const created = await create('[sandbox: submit-200-empty] a cat');
    const { id } = created.body;
    const path = `/v1/videos/${id}`;
    const unresolved = await until('an unresolved submit', async () => {
      const { body } = await call(path);
      return body.onetake.phase === 'unresolved' && body;
    });
    expect(unresolved).toMatchObject({ status: 'in_progress', error: null });
    expect(unresolved.onetake.unresolved?.candidates).toBeInstanceOf(Array);
    const { status } = await post(`${path}/resolve`, { action: 'abandon' });
    expect(status).toBe(200);
    const ended = await untilStatus(id, ['failed']);
    expect(ended.error).toMatchObject({ code: 'abandoned' });
    const late = await post(`${path}/resolve`, { action: 'resubmit' });
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'wrong_phase' } } });
  });

  test('cancels a video, and says that the job stays billed; with keep, stores it', async () => {
    const ids = [];
    for (const prompt of ['One', 'Two']) ids.push((await create(prompt)).body.id);
    const [stopped = '', kept = ''] = ids;
    for (const id of ids) {
      await until('a job', async () => {
        const { body } = await call(`/v1/videos/${id}`);
        return ['queued', 'running'].includes(body.onetake.phase);
      });
    }
    await post(`/v1/videos/${stopped}/cancel`, {});
    const end = await untilStatus(stopped, ['failed']);
    expect(end).toMatchObject({ error: { code: 'cancelled' }, onetake: { billed: 'yes' } });
    expect((await post(`/v1/videos/${kept}/cancel`, { keep: true })).status).toBe(200);
    expect(await untilStatus(kept, ['completed', 'failed'])).toMatchObject({ status: 'completed' });
    expect((await post(`/v1/videos/${kept}/cancel`, {})).status).toBe(409);
  });

  test('deletes a video that has ended, and its key still never pays twice', async () => {
    const before = posts();
    const key = { 'idempotency-key': randomUUID() };
    const { id } = (await create('A fish', key)).body;
    expect((await call(`/v1/videos/${id}`, { method: 'DELETE' })).status).toBe(409);
    await untilStatus(id, ['completed']);
    const deleted = await call(`/v1/videos/${id}`, { method: 'DELETE' });
    expect(deleted).toMatchObject({ status: 200, body: { id, object: 'video.deleted' } });
    expect((await call(`/v1/videos/${id}`)).status).toBe(404);
    const { data } = await openai.videos.list({ limit: 100 });
    expect(data.map((video) => video.id)).not.toContain(id);
    expect(await create('A fish', key)).toMatchObject({
      status: 409,
      body: { error: { code: 'deleted' } },
    });
    expect(posts() - before).toBe(1);
  });

  test('lists all videos page by page, in both orders, each once', async () => {
    const made: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      made.push((await create(`Page ${number}`)).body.id);
    }
    const pages = async (order: 'asc' | 'desc') => {
      const ids: string[] = [];
      for await (const { id } of openai.videos.list({ limit: 2, order })) ids.push(id);
      return ids;
    };
    // The server's index lags.
    const ascending = await until('all videos in the index', async () => {
      const ids = await pages('asc');
      return made.every((id) => ids.includes(id)) && ids;
    });
    expect(ascending.filter((id) => made.includes(id))).toEqual(made);
    expect(new Set(ascending).size).toBe(ascending.length);
    expect(await pages('desc')).toEqual(ascending.toReversed());
  });

  test('streams the changes of a video until its end', async () => {
    const { id } = (await create('A bird')).body;
    const answer = await fetch(`${serve.url}/v1/videos/${id}/events`);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const text = await answer.text();
    const names = [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(names.at(-1)).toBe('end');
    expect(names.filter((name) => name === 'video').length).toBeGreaterThan(1);
    const last = text.slice(text.lastIndexOf('data: ') + 6);
    expect(JSON.parse(last)).toMatchObject({ id, status: 'completed' });
    const again = await fetch(`${serve.url}/v1/videos/${id}/events`, {
      headers: { 'last-event-id': 'end' },
    });
    expect(again.status).toBe(204);
  });

  test("speaks new-api's shape on its routes", async () => {
    const created = await post('/v1/video/generations', {
      model: 'kling-v1',
      prompt: 'A horse',
      duration: 5,
    });
    const { task_id: id } = created.body as unknown as { task_id: string };
    const status = async () =>
      (await call(`/v1/video/generations/${id}`)).body as unknown as Record<string, unknown>;
    const done = await until('a video', async () => {
      const body = await status();
      return body['status'] === 'succeeded' && body;
    });
    expect(done).toMatchObject({
      code: 'success',
      data: { task_id: id, status: 'SUCCESS', progress: '100%' },
    });
    const unknown = await call(`/v1/video/generations/video_${'0'.repeat(40)}`);
    expect(unknown).toMatchObject({ status: 400, body: { code: 'task_not_exist', data: null } });
  });

  test('survives its own death: a second server has the same videos', async () => {
    const { id } = (await create('A bear', { 'idempotency-key': 'bear' })).body;
    const second = await startServeProcess(harness.env);
    try {
      const again = await fetch(`${second.url}/v1/videos`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'bear' },
        body: JSON.stringify(requestOf('A bear')),
      });
      expect(await again.json()).toMatchObject({ id });
    } finally {
      await second.stop();
    }
  });
});
