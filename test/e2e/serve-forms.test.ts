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

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const dataUri = `data:image/png;base64,${picture.toString('base64')}`;
const video = { model: 'sora-2', seconds: '4', size: '1280x720' } as const;

describe('onetake serve, with forms', () => {
  test('sends the file of a form to the gateway in the form that the model reads', async () => {
    const before = harness.gateway.ledger.posts.length;
    const file = new File([new Uint8Array(picture)], 'upload', {
      type: 'application/octet-stream',
    });
    const prompt = 'A cat\nnaps';
    const created = await openai.videos.create({ ...video, prompt, input_reference: file });
    const posts = () => harness.gateway.ledger.posts.slice(before);
    await until('the paid POST', () => posts().length > 0);
    expect(posts().map(({ body }) => body)).toEqual([
      { ...video, prompt, input_reference: dataUri },
    ]);
    const done = await until('a completed video', async () => {
      const { status } = await openai.videos.retrieve(created.id);
      return status === 'completed';
    });
    expect(done).toBe(true);
    expect(posts().length).toBe(1);
  });

  test('joins a retry of the SDK, which has another boundary', async () => {
    const before = harness.gateway.ledger.posts.length;
    const send = async (count: number): Promise<string> => {
      const headers = { 'x-stainless-retry-count': String(count) };
      const body = new FormData();
      for (const [name, value] of Object.entries({ ...video, prompt: 'A retry' }))
        body.append(name, value);
      body.append('input_reference', new Blob([new Uint8Array(picture)]), 'cat.png');
      const response = await fetch(`${serve.url}/v1/videos`, { method: 'POST', headers, body });
      return ((await response.json()) as { id: string }).id;
    };
    const first = await send(0);
    expect(await send(1)).toBe(first);
    expect(await send(2)).toBe(first);
    await until('the paid POST', () => harness.gateway.ledger.posts.length > before);
    expect(harness.gateway.ledger.posts.length - before).toBe(1);
  });

  test.each([
    [
      'a file that is no image',
      { input_reference: new File(['MZ and more'], 'cat.png') },
      /PNG, JPEG or WebP/,
    ],
    ['a tag of a tenant', { onetake: { tags: ['tenant:other'] } }, /set by the server/],
    ['a size that the gateway refuses', { size: '1x1' }, /"size"|size/],
  ])('refuses %s with 400, and nothing is submitted', async (_, fields, message) => {
    const before = harness.gateway.ledger.posts.length;
    const body = { ...video, prompt: 'A cat', ...fields } as OpenAI.VideoCreateParams;
    const error: unknown = await openai.videos.create(body).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect((error as Error).message).toMatch(message);
    expect(harness.gateway.ledger.posts.length).toBe(before);
  });
});
