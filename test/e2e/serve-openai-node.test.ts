import { createHash } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLossyProxy } from '../support/lossy-proxy.ts';
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

  test('sends an image as a file, and the gateway gets it in the form that the model reads', async () => {
    // As openai-python sends it: only the bytes say what it is.
    const prompt = 'the cat\nwakes up';
    const input_reference = await toFile(png, 'upload', { type: 'application/octet-stream' });
    const { id } = await client.videos.create({ ...small, prompt, input_reference });
    expect(await untilEnded(client, id)).toMatchObject({ status: 'completed' });
    const post = harness.gateway.ledger.posts.find(({ body }) => body?.['prompt'] === prompt);
    const dataUri = `data:image/png;base64,${png.toString('base64')}`;
    expect(post?.body).toEqual({ ...small, prompt, input_reference: dataUri });
  });

  test('sends a form again when the response is lost, and one video is made and paid', async () => {
    const prompt = 'a cat on a lossy line';
    await using line = await startLossyProxy(harness.server.url);
    line.play(['drop-response']);
    const { id } = await openAi(line.url).videos.create({ ...small, prompt });
    expect(line.requests.map(({ status }) => status)).toEqual([200, 200]);
    await untilEnded(client, id);
    await until('the video in the list', async () => (await videosOf(client, prompt)).length > 0);
    expect(await videosOf(client, prompt)).toEqual([id]);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('lists all videos page by page, each once, in both orders', async () => {
    const made: string[] = [];
    for (const key of ['a', 'b', 'c']) {
      const options = { headers: { 'Idempotency-Key': `page-${key}` } };
      made.unshift((await client.videos.create({ ...small, prompt: key }, options)).id);
    }
    const listed = async (order: 'asc' | 'desc') => {
      const ids: string[] = [];
      for await (const { id } of client.videos.list({ limit: 2, order })) ids.push(id);
      return ids;
    };
    // The server's index lags.
    const newestFirst = await until('all three in the list', async () => {
      const ids = await listed('desc');
      return made.every((id) => ids.includes(id)) && ids;
    });
    expect(newestFirst.filter((id) => made.includes(id))).toEqual(made);
    expect(new Set(newestFirst).size).toBe(newestFirst.length);
    expect(await listed('asc')).toEqual(newestFirst.toReversed());
  });

  test('deletes a completed video, which is not found from then on, and its key is refused', async () => {
    const prompt = 'a cat that leaves';
    const options = { headers: { 'Idempotency-Key': 'leaves' } };
    const { id } = await client.videos.create({ ...small, prompt }, options);
    await untilEnded(client, id);
    await until('the video in the list', async () => (await videosOf(client, prompt)).length > 0);
    expect(await client.videos.delete(id)).toEqual({ id, object: 'video.deleted', deleted: true });
    await expect(client.videos.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(client.videos.downloadContent(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect(await videosOf(client, prompt)).toEqual([]);
    const again = client.videos.create({ ...small, prompt }, options);
    await expect(again).rejects.toMatchObject({ status: 409, code: 'deleted' });
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('shows a video that the vendor refused as failed, with its reason', async () => {
    const prompt = '[sandbox: poll-envelope-failure] a cat';
    const { id } = await client.videos.create({ ...small, prompt });
    const ended = await untilEnded(client, id);
    expect(ended).toMatchObject({ status: 'failed', completed_at: null });
    expect(ended.error?.message).toEqual(expect.any(String));
  });
});
