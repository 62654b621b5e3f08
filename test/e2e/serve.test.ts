import { randomUUID } from 'node:crypto';
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speed, until } from './harness.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

let harness: ServeHarness;
beforeAll(async () => {
  // So slow that a job is still running when the test cancels it.
  harness = await createServeHarness({ speed });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

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
  const answer = await fetch(`${harness.server.url}${path}`, init);
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

describe.concurrent('onetake serve', () => {
  test('gives one video for one key, and refuses the key with another request', async () => {
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
    expect(paidFor(harness, 'A dog')).toEqual(paidOnce);
    expect(paidFor(harness, 'A wolf')).toEqual({ posts: 0, jobs: 0 });
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

  test('streams the changes of a video until its end', async () => {
    const { id } = (await create('A bird')).body;
    const answer = await fetch(`${harness.server.url}/v1/videos/${id}/events`);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const text = await answer.text();
    const names = [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(names.at(-1)).toBe('end');
    expect(names.filter((name) => name === 'video').length).toBeGreaterThan(1);
    const last = text.slice(text.lastIndexOf('data: ') + 6);
    expect(JSON.parse(last)).toMatchObject({ id, status: 'completed' });
    const again = await fetch(`${harness.server.url}/v1/videos/${id}/events`, {
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

  test('joins a key that another server has taken', async () => {
    const { id } = (await create('A bear', { 'idempotency-key': 'bear' })).body;
    const second = await harness.startServer();
    const again = await fetch(`${second.url}/v1/videos`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'bear' },
      body: JSON.stringify(requestOf('A bear')),
    });
    expect(await again.json()).toMatchObject({ id });
  });
});
