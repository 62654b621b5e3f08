import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { need } from '../support/need.ts';
import { until } from './harness.ts';
import { png } from './openai-node.ts';
import { astronaut } from './requests.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

const limitMs = 60_000;

let harness: ServeHarness;
beforeAll(async () => {
  harness = await createServeHarness();
});
afterAll(() => harness?.[Symbol.asyncDispose]());

async function findCurl(): Promise<string> {
  const command = { args: ['--version'], env: process.env, timeoutMs: limitMs };
  const { exitCode, output } = await runCommand({ file: 'curl', ...command });
  if (exitCode !== 0) throw new UnavailableError(`Cannot run "curl": ${output}`);
  return 'curl';
}

/** Runs curl, which fails on an HTTP error. @returns What it wrote to standard output. */
async function curl(context: TestContext, path: string, args: readonly string[] = []) {
  const file = await need(context, findCurl());
  const { exitCode, output } = await runCommand({
    file,
    args: ['--silent', '--show-error', '--fail-with-body', ...args, harness.server.url + path],
    env: { ...process.env, no_proxy: '*' },
    timeoutMs: limitMs,
  });
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  return output;
}

interface Task {
  task_id: string;
  data: { status: string; result_url: string };
  status: string;
  url: string;
}

const json = ['--header', 'content-type: application/json'];

describe('curl', () => {
  test('makes a video with the published example, polls it and downloads it from a signed link', async (context) => {
    const body = JSON.stringify(astronaut.body);
    const created = await curl(context, '/v1/video/generations', [...json, '--data', body]);
    const { task_id: id } = JSON.parse(created) as Task;
    const task = await until('a task that has ended', async () => {
      const read = JSON.parse(await curl(context, `/v1/video/generations/${id}`)) as Task;
      return !['QUEUED', 'IN_PROGRESS'].includes(read.data.status) && read;
    });
    expect(task).toMatchObject({ status: 'succeeded', data: { status: 'SUCCESS' } });
    expect(task.data.result_url).toBe(task.url);
    const file = join(harness.folder, 'astronaut.mp4');
    const { pathname, search } = new URL(task.url);
    await curl(context, pathname + search, ['--output', file]);
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    const video = JSON.parse(await curl(context, `/v1/videos/${id}`)) as {
      onetake: { file: { sha256: string } };
    };
    expect(digest).toBe(video.onetake.file.sha256);
    expect(paidFor(harness, String(astronaut.body['prompt']))).toEqual(paidOnce);
  });

  test('uploads an image in a form, waits with one request, and resumes a download', async (context) => {
    const image = join(harness.folder, 'cat.png');
    await writeFile(image, png);
    const prompt = 'the cat of curl';
    const fields = ['model=sora-2', `prompt=${prompt}`, 'seconds=4', `input_reference=@${image}`];
    const form = fields.flatMap((field) => ['--form', field]);
    const { id } = JSON.parse(await curl(context, '/v1/videos', form)) as { id: string };
    const read = async () =>
      JSON.parse(await curl(context, `/v1/videos/${id}?wait=30`)) as {
        status: string;
        onetake: { file: { sha256: string; size_bytes: number } };
      };
    const video = await until('a completed video', async () => {
      const answer = await read();
      return answer.status === 'completed' && answer;
    });
    const file = join(harness.folder, 'cat.mp4');
    const content = `/v1/videos/${id}/content`;
    await curl(context, content, ['--range', '0-999', '--output', file]);
    expect((await readFile(file)).length).toBe(1_000);
    await curl(context, content, ['--continue-at', '-', '--output', file]);
    const bytes = await readFile(file);
    expect(bytes.length).toBe(video.onetake.file.size_bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(video.onetake.file.sha256);
    const post = harness.gateway.ledger.posts.find(({ body }) => body?.['prompt'] === prompt);
    expect(post?.rawBody).toContain(png.toString('base64'));
  });
});
