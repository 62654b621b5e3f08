import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import type { CreateBody } from '../../../src/serve/bodies/read-create-body.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import { bodyServer } from './body-server.ts';
import { file, form, formHeaders, largeForm, png, text } from './bodies.ts';

const stored = `stored-image:sha256:${createHash('sha256').update(png).digest('hex')}`;
const expected = {
  request: {
    format: 'videos',
    body: { model: 'sora-2', prompt: 'A cät', seconds: '4', input_reference: stored },
  },
  onetake: { tags: ['shop'] },
};

describe('a form with a file, through a real server', () => {
  test('from openai-node', async () => {
    const { storage } = await tempStorage();
    const { url } = await bodyServer(storage);
    const client = new OpenAI({
      apiKey: 'sk-test',
      baseURL: new URL('/v1', url).href,
      maxRetries: 0,
    });
    const body = {
      model: 'sora-2' as const,
      prompt: 'A cät',
      seconds: '4' as const,
      input_reference: new File([new Uint8Array(png)], 'cat.png'),
      onetake: { tags: ['shop'] },
    };
    expect(await client.videos.create(body)).toMatchObject(expected);
  });

  test('from fetch with FormData', async () => {
    const { storage } = await tempStorage();
    const { url } = await bodyServer(storage);
    const body = new FormData();
    body.append(
      'input_reference',
      new Blob([new Uint8Array(png)], { type: 'text/plain' }),
      'cät "1".txt',
    );
    for (const [name, value] of [
      ['model', 'sora-2'],
      ['prompt', 'A cät'],
      ['seconds', '4'],
      ['onetake[tags][]', 'shop'],
    ] as const) {
      body.append(name, value);
    }
    const response = await fetch(url, { method: 'POST', body });
    expect(await response.json()).toMatchObject(expected);
  });

  test.skipIf(spawnSync('curl', ['--version']).status !== 0)('from curl', async () => {
    const { storage } = await tempStorage();
    const { url } = await bodyServer(storage);
    const path = join((await tempStorage()).folder, 'cat.bin');
    await writeFile(path, png);
    const fields = [
      'model=sora-2',
      'prompt=A cät',
      'seconds=4',
      'onetake[tags][]=shop',
      `input_reference=@${path}`,
    ];
    const args = ['-sS', url, ...fields.flatMap((field) => ['-F', field])];
    const { stdout } = await promisify(execFile)('curl', args);
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });
});

describe('a client that is refused while it sends still reads why', () => {
  test.each([
    [
      'a file that is no image, of 40 MB',
      largeForm(40_000_000, Buffer.from('MZ')),
      400,
      /PNG, JPEG or WebP/,
    ],
    ['an image of 60 MB', largeForm(60_000_000, png), 400, /more than 20971520 bytes/],
    ['an image of 101 MB', largeForm(101_000_000, png), 413, /more than 100000000 bytes/],
    [
      'a field that is given twice before a file',
      form(
        text('model', 'a'),
        text('model', 'b'),
        file('image', Buffer.concat([png, Buffer.alloc(9_000_000)])),
      ),
      400,
      /given twice/,
    ],
  ])('%s', { timeout: 30_000 }, async (_, body, status, message) => {
    const { storage, files } = await tempStorage();
    const { url } = await bodyServer(storage);
    const response = await fetch(url, {
      method: 'POST',
      headers: formHeaders,
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).toMatch(message);
    expect(await files()).toEqual([]);
  });

  test('JSON of 8 MB', async () => {
    const { storage } = await tempStorage();
    const { url } = await bodyServer(storage);
    const body = JSON.stringify({ model: 'sora-2', prompt: 'x'.repeat(8_000_000) });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/multipart/);
  });
});

test('a client that disconnects in the middle of a file leaves nothing in the storage', async () => {
  const { storage, files } = await tempStorage();
  const { url, outcomes } = await bodyServer(storage);
  const whole = form(
    text('model', 'sora-2'),
    file('input_reference', Buffer.concat([png, Buffer.alloc(500_000)])),
  );
  const headers = { ...formHeaders, 'content-length': whole.length };
  const request = httpRequest(url, { method: 'POST', headers });
  request.on('error', () => {});
  request.write(whole.subarray(0, 300_000));
  await expect.poll(files).toHaveLength(1);
  request.destroy();
  await expect.poll(() => outcomes).toMatchObject([{ error: { status: 400 } }]);
  expect(await files()).toEqual([]);
});

test('a client that stops sending gets 408', async () => {
  const { storage, files } = await tempStorage();
  const { url, outcomes } = await bodyServer(storage, { idleMs: 50 });
  const request = httpRequest(url, {
    method: 'POST',
    headers: { ...formHeaders, 'content-length': 900 },
  });
  request.on('error', () => {});
  const status = new Promise((resolve) =>
    request.on('response', (response) => resolve(response.statusCode)),
  );
  request.write(form(text('model', 'sora-2'), file('input_reference', png)).subarray(0, 400));
  expect(await status).toBe(408);
  expect(outcomes).toMatchObject([{ error: { code: 'request_timeout' } }]);
  expect(await files()).toEqual([]);
  request.destroy();
});

test('a server that read a bad body reads the next one of the same client', async () => {
  const { storage } = await tempStorage();
  const { url } = await bodyServer(storage);
  const send = async (body: Buffer) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: formHeaders,
      body: new Uint8Array(body),
    });
    return (await response.json()) as CreateBody;
  };
  const body = form(text('model', 'sora-2'));
  expect(await send(body.subarray(0, -9))).toMatchObject({ error: { code: 'invalid_request' } });
  expect(await send(body)).toMatchObject({ request: { body: { model: 'sora-2' } } });
});
