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

const prompt = 'A cat naps in the sun';
const request = { model: 'sora-2', prompt, seconds: '4', size: '1280x720' } as const;

describe('onetake serve', () => {
  test('makes a video that openai-node creates and polls, with one paid POST', async () => {
    const before = harness.gateway.ledger.posts.length;
    const created = (await openai.post('/videos', { body: request })) as OpenAI.Video;
    expect(created).toMatchObject({ object: 'video', prompt, seconds: '4', size: '1280x720' });
    const done = await until('a completed video', async () => {
      const video = await openai.videos.retrieve(created.id);
      expect(['queued', 'in_progress', 'completed']).toContain(video.status);
      return video.status === 'completed' && video;
    });
    expect(done).toMatchObject({ progress: 100, error: null, onetake: { billed: 'yes' } });
    const page = await openai.videos.list();
    expect(page.data.map(({ id }) => id)).toContain(created.id);
    expect(harness.gateway.ledger.posts.length - before).toBe(1);
  });
});
