import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLossyProxy, type LossyMode } from '../support/lossy-proxy.ts';
import { until } from './harness.ts';
import { openAi, untilEnded, videosOf, type Video } from './openai-node.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

/** After this the client gives up an attempt. A start takes far less, also on a busy machine. */
const timeout = 10_000;

let harness: ServeHarness;
beforeAll(async () => {
  harness = await createServeHarness();
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const small = { model: 'sora-2', seconds: '4', size: '1280x720' } as const;
const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });

/** The faults after which openai-node sends the same request again by itself. */
const repeated: LossyMode[] = [
  'drop-request',
  'drop-response',
  'answer-502',
  'answer-503',
  'no-response',
];

/** The laws: one video, paid once, and listed once. */
async function expectOneVideo(prompt: string, id: string): Promise<void> {
  const direct = openAi(harness.server.url);
  expect(await untilEnded(direct, id)).toMatchObject({ status: 'completed', prompt });
  await until('the video in the list', async () => (await videosOf(direct, prompt)).length > 0);
  expect(await videosOf(direct, prompt)).toEqual([id]);
  expect(paidFor(harness, prompt)).toEqual(paidOnce);
}

/** A form has another boundary in each attempt. */
const ways = ['with a key', 'without a key', 'as a form without a key'] as const;

function create(client: OpenAI, prompt: string, how: (typeof ways)[number]) {
  const body = { ...small, prompt };
  if (how === 'as a form without a key') return client.videos.create(body);
  const options = how === 'with a key' ? keyed(prompt) : {};
  return client.post<Video>('/videos', { body, ...options });
}

describe.concurrent('over a lossy line, three attempts of openai-node', () => {
  test.each(repeated.flatMap((mode) => ways.map((how) => [mode, how] as const)))(
    'make one paid video: twice %s, %s',
    async (mode, how) => {
      const prompt = `a cat, twice ${mode}, ${how}`;
      await using line = await startLossyProxy(harness.server.url);
      line.play([mode, mode]);
      const { id } = await create(openAi(line.url, { timeout }), prompt, how);
      expect(line.requests.map((request) => request.mode)).toEqual([mode, mode, 'pass']);
      await expectOneVideo(prompt, id);
    },
  );

  test.each(repeated)(
    'that all fail (%s), and then a call of the application with the same key, make one paid video',
    async (mode) => {
      const prompt = `a cat, always ${mode}`;
      await using line = await startLossyProxy(harness.server.url);
      line.play([mode, mode, mode]);
      const client = openAi(line.url, { timeout });
      const call = () => create(client, prompt, 'with a key');
      await expect(call()).rejects.toBeInstanceOf(OpenAI.APIError);
      expect(line.requests).toHaveLength(3);
      const { id } = await call();
      await expectOneVideo(prompt, id);
    },
  );

  test('of which the first response is cut, which the client does not repeat, and a call with the same key make one paid video', async () => {
    const prompt = 'a cat, cut in the middle';
    await using line = await startLossyProxy(harness.server.url);
    line.play(['cut-response']);
    const client = openAi(line.url, { timeout });
    const call = () => create(client, prompt, 'with a key');
    await expect(call()).rejects.toThrow();
    const { id } = await call();
    await expectOneVideo(prompt, id);
  });

  test('through two servers side by side make one paid video', async () => {
    const prompt = 'a cat, behind a load balancer';
    const second = await harness.startServer();
    await using line = await startLossyProxy(harness.server.url, second.url);
    line.play(['drop-response']);
    const { id } = await create(openAi(line.url, { timeout }), prompt, 'without a key');
    expect(line.requests.map(({ status }) => status)).toEqual([200, 200]);
    await expectOneVideo(prompt, id);
  });

  test('to a server that is killed after the first make one paid video with the one that takes its place', async () => {
    const prompt = 'a cat, and a dead server';
    const dying = await harness.startServer();
    await using line = await startLossyProxy(dying.url);
    line.play(['drop-response']);
    const call = (origin: string) =>
      openAi(origin, { timeout, maxRetries: 0 }).post<Video>('/videos', {
        body: { ...small, prompt },
        ...keyed(prompt),
      });
    await expect(call(line.url)).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    await dying.kill();
    const { id } = await call(harness.server.url);
    await expectOneVideo(prompt, id);
  });
});

test('two equal calls at once without a key are two videos, because both are wanted', async () => {
  const prompt = 'a cat, twice wanted';
  const client = openAi(harness.server.url);
  const call = () => create(client, prompt, 'without a key');
  const [one, other] = await Promise.all([call(), call()]);
  expect(one.id).not.toBe(other.id);
  await Promise.all([one, other].map(({ id }) => untilEnded(client, id)));
  expect(paidFor(harness, prompt)).toEqual({ posts: 2, jobs: 2 });
});

test('twenty equal calls at once with one key are one paid video', async () => {
  const prompt = 'a cat, wanted by twenty';
  const client = openAi(harness.server.url);
  const calls = Array.from({ length: 20 }, () => create(client, prompt, 'with a key'));
  const ids = new Set((await Promise.all(calls)).map(({ id }) => id));
  expect(ids.size).toBe(1);
  await expectOneVideo(prompt, [...ids][0] ?? '');
});
