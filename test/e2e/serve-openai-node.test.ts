import { createHash } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './harness.ts';
import { openAi, png, untilEnded, videosOf, type Video } from './openai-node.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

let harness: ServeHarness;
let client: OpenAI;
beforeAll(async () => {
  harness = await createServeHarness();
  client = openAi(harness.server.url);
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const small = { model: 'sora-2', seconds: '4', size: '1280x720' } as const;

describe('openai-node', () => {
  test('creates a video, polls it to completed, and downloads the very file that is stored', async () => {
    const prompt = 'a cat on a bicycle';
    const created = (await client.videos.create({ ...small, prompt })) as Video;
    expect(created).toMatchObject({ object: 'video', prompt, ...small, error: null });
    expect(created.onetake.outcome).toBe('started');
    const ended = await untilEnded(client, created.id);
    expect(ended).toMatchObject({ id: created.id, status: 'completed', progress: 100 });
    const response = await client.videos.downloadContent(created.id);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    const digest = createHash('sha256').update(Buffer.from(await response.arrayBuffer()));
    expect(digest.digest('hex')).toBe(ended.onetake.file?.sha256);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('sends an image as a file, and its bytes reach the gateway', async () => {
    const prompt = 'the cat wakes up';
    const input_reference = await toFile(png, 'cat.png', { type: 'image/png' });
    const { id } = await client.videos.create({ ...small, prompt, input_reference });
    expect(await untilEnded(client, id)).toMatchObject({ status: 'completed' });
    const post = harness.gateway.ledger.posts.find(({ body }) => body?.['prompt'] === prompt);
    expect(post?.rawBody).toContain(png.toString('base64'));
  });

  test('lists all videos page by page, newest first', async () => {
    const prompt = 'one of three';
    const made: string[] = [];
    for (const key of ['a', 'b', 'c']) {
      const options = { headers: { 'Idempotency-Key': `page-${key}` } };
      made.unshift((await client.videos.create({ ...small, prompt }, options)).id);
    }
    const listed = async () => {
      const ids: string[] = [];
      for await (const video of client.videos.list({ limit: 1 })) {
        if (video.prompt === prompt) ids.push(video.id);
      }
      return ids;
    };
    await until('all three in the list', async () => (await listed()).length === 3);
    expect(await listed()).toEqual(made);
    const page = await client.videos.list({ limit: 2, order: 'asc' });
    expect(page.data).toHaveLength(2);
    expect(page.has_more).toBe(true);
  });

  test('deletes a completed video, which is not found from then on, and its key is refused', async () => {
    const prompt = 'a cat that leaves';
    const options = { headers: { 'Idempotency-Key': 'leaves' } };
    const { id } = await client.videos.create({ ...small, prompt }, options);
    await untilEnded(client, id);
    expect(await client.videos.delete(id)).toEqual({ id, object: 'video.deleted', deleted: true });
    await expect(client.videos.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(client.videos.downloadContent(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect(await videosOf(client, prompt)).toEqual([]);
    const again = client.videos.create({ ...small, prompt }, options);
    await expect(again).rejects.toBeInstanceOf(OpenAI.ConflictError);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('shows a video that the vendor refused as failed, with its reason', async () => {
    const prompt = '[sandbox: poll-envelope-failure] a cat';
    const { id } = await client.videos.create({ ...small, prompt });
    const ended = await untilEnded(client, id);
    expect(ended).toMatchObject({ status: 'failed', completed_at: null });
    expect(ended.error?.message).toEqual(expect.any(String));
  });

  test('shows a submit with an unknown outcome as in progress, so that no client pays again', async () => {
    const prompt = '[sandbox: submit-drop-after-body] a lost cat';
    const { id } = await client.videos.create({ ...small, prompt });
    const lost = await until('phase unresolved', async () => {
      const video = (await client.videos.retrieve(id)) as Video;
      return video.onetake.phase === 'unresolved' && video;
    });
    expect(lost).toMatchObject({ status: 'in_progress', error: null });
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });
});
