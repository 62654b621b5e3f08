import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { runCommand } from '../../src/dev/run-command.ts';
import { startLossyProxy, type LossyMode } from '../support/lossy-proxy.ts';
import { need } from '../support/need.ts';
import { findPythonClients, pythonClientsLimitMs } from '../support/python-clients.ts';
import { until } from './harness.ts';
import { openAi, png, untilEnded, videosOf, type Video } from './openai-node.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

/** The imports of LiteLLM alone take half a minute on a busy machine. */
const scriptLimitMs = 110_000;

let clients: Promise<string>;
let harness: ServeHarness;
beforeAll(async () => {
  clients = findPythonClients();
  await clients.catch(() => {});
}, pythonClientsLimitMs);
beforeAll(async () => {
  harness = await createServeHarness();
  await writeFile(join(harness.folder, 'cat.png'), png);
});
afterAll(() => harness?.[Symbol.asyncDispose]());

interface Script {
  name: 'openai_client' | 'litellm_client';
  args: string[];
  origin?: string;
}

/** Runs a script of `python/`, or skips the test where its clients cannot be had. */
async function run<T>(context: TestContext, { name, args, origin }: Script): Promise<T> {
  const python = await need(context, clients);
  const { exitCode, output } = await runCommand({
    file: python,
    args: [fileURLToPath(new URL(`python/${name}.py`, import.meta.url)), ...args],
    env: {
      HOME: harness.folder,
      OPENAI_BASE_URL: `${origin ?? harness.server.url}/v1`,
      OPENAI_API_KEY: 'sk-any',
      IMAGE: join(harness.folder, 'cat.png'),
      // Else LiteLLM fetches prices from the internet.
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    },
    timeoutMs: scriptLimitMs,
  });
  if (exitCode !== 0) throw new Error(`${name}.py ended with ${exitCode}: ${output}`);
  return JSON.parse(output.split('\n').at(-1) ?? '') as T;
}

interface Made {
  id: string;
  status: string;
  sha256: string;
  listed: string[];
}

async function fileOf(id: string): Promise<string | undefined> {
  const video = (await openAi(harness.server.url).videos.retrieve(id)) as Video;
  return video.onetake.file?.sha256;
}

/** The faults after which openai-python sends the same request again by itself. */
const repeated: LossyMode[] = ['drop-response', 'answer-502', 'no-response'];

describe('openai-python', () => {
  test.for([
    ['make', 'the client'],
    ['make_async', 'the asynchronous client'],
  ] as const)('creates, polls, downloads and lists a video: %s', async ([what, how], context) => {
    const prompt = `a cat for ${how}`;
    const made = await run<Made>(context, { name: 'openai_client', args: [what, prompt] });
    expect(made.status).toBe('completed');
    expect(made.sha256).toBe(await fileOf(made.id));
    expect(made.listed).toContain(made.id);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('sends an image as a file, and its bytes reach the gateway', async (context) => {
    const prompt = 'the cat wakes up';
    const made = await run<Made>(context, { name: 'openai_client', args: ['from_file', prompt] });
    expect(made.status).toBe('completed');
    const post = harness.gateway.ledger.posts.find(({ body }) => body?.['prompt'] === prompt);
    expect(post?.rawBody).toContain(png.toString('base64'));
  });

  test('gets its own error class for each error', async (context) => {
    const args = ['errors', 'a wrong cat'];
    expect(await run(context, { name: 'openai_client', args })).toEqual({
      wrong: ['BadRequestError', 400, 'invalid_request'],
      unknown: ['NotFoundError', 404, 'not_found'],
      reused: ['UnprocessableEntityError', 422, 'idempotency_key_reused'],
      'under way': ['ConflictError', 409, 'wrong_phase'],
    });
  });

  test.for(
    repeated.flatMap((mode) => [
      { mode, what: 'with_key' },
      { mode, what: 'without_key' },
    ]),
  )(
    'makes one paid video over a lossy line: twice $mode, $what',
    async ({ mode, what }, context) => {
      const prompt = `a cat, twice ${mode}, ${what}`;
      await using line = await startLossyProxy(harness.server.url);
      line.play([mode, mode]);
      const args = [what, prompt];
      const { id } = await run<Made>(context, { name: 'openai_client', args, origin: line.url });
      expect(line.requests.map((request) => request.mode)).toEqual([mode, mode, 'pass']);
      await expectOneVideo(prompt, id);
    },
  );
});

describe('LiteLLM', () => {
  test('creates, polls, downloads and lists a video, and repeated calls with a key pay once', async (context) => {
    const prompt = 'a cat for LiteLLM';
    await using line = await startLossyProxy(harness.server.url);
    line.play(['drop-response', 'answer-503']);
    const args = [line.url, prompt];
    const made = await run<Made & { again: string }>(context, { name: 'litellm_client', args });
    expect(line.requests.slice(0, 3)).toMatchObject(Array(3).fill({ method: 'POST' }));
    expect(made.status).toBe('completed');
    expect(made.again).toBe(made.id);
    expect(made.sha256).toBe(await fileOf(made.id));
    expect(made.listed).toContain(made.id);
    await expectOneVideo(prompt, made.id);
  });
});

async function expectOneVideo(prompt: string, id: string): Promise<void> {
  const direct = openAi(harness.server.url);
  expect(await untilEnded(direct, id)).toMatchObject({ status: 'completed', prompt });
  await until('the video in the list', async () => (await videosOf(direct, prompt)).length > 0);
  expect(await videosOf(direct, prompt)).toEqual([id]);
  expect(paidFor(harness, prompt)).toEqual(paidOnce);
}
