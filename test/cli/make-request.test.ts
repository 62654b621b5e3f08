import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRequest } from '../../src/cli/video/make-request.ts';
import { createOutput } from '../../src/cli/output.ts';
import { quoteWords } from '../../src/cli/models/quote-words.ts';
import { inlineDataUris } from '../../src/identity/stored-data-uris.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { createStoredImages } from '../../src/storage/records/stored-images.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

async function made(flags: Parameters<typeof makeRequest>[0], env: Record<string, string> = {}) {
  let stderr = '';
  const write = (text: string | Uint8Array) => {
    stderr += String(text);
    return true;
  };
  const output = createOutput({ json: true, stdout: { write }, stderr: { write }, env });
  const { request, quote } = await makeRequest(flags, { env, output, debug: false });
  return { request, line: quoteWords(quote), stderr };
}

const kite = { prompt: 'A red kite', model: 'SD2.5 720P', duration: '5', size: '16:9' };

test('the line before a start says what is made, and the most that it costs', async () => {
  const { line, stderr } = await made(kite);
  expect(line).toBe('SD2.5 720P: 5 s, 720p, 16:9, sound on: 4.75');
  expect(stderr).toBe('');
  const GATEWAY_PRICES = '{"SD2.5 720P":{"perVideo":2}}';
  expect((await made(kite, { GATEWAY_PRICES })).line).toMatch(/sound on: 2$/);
});

test('the line before a start says that no price is known', async () => {
  const { line } = await made({ ...kite, model: 'a-model-of-tomorrow' });
  expect(line).toBe('a-model-of-tomorrow: 5 s: price not known');
});

test('what would be refused is sent with --send-anyway alone, and its price stays', async () => {
  const long = { ...kite, duration: '31' };
  await expect(made(long)).rejects.toThrow(/"duration".*--send-anyway/);
  const { line, stderr } = await made({ ...long, sendAnyway: true });
  expect(line).toMatch(/: 29\.45$/);
  expect(stderr).toContain('"duration"');
});

test('a model whose name has a line break stays in one line', async () => {
  const { line } = await made({ ...kite, model: 'kite\nstored' });
  expect(line).toBe('kite stored: 5 s: price not known');
});

describe('a body with a long data URI', () => {
  const picture = `data:image/png;base64,${'A'.repeat(300_000)}`;

  async function bodyFile(model: string) {
    const { folder } = await tempStorage();
    const path = join(folder, 'request.json');
    await writeFile(path, JSON.stringify({ model, prompt: 'p', image: picture }));
    return { path, videos: join(folder, 'videos') };
  }

  test('becomes a request without it, larger than a history takes, and its text is stored', async () => {
    const { path, videos } = await bodyFile('kling-v1');
    const { request } = await made({ body: path }, { STORAGE_URL: videos });
    const storage = createFileStorage({ folder: videos });
    const { getText } = createStoredImages({ storage });
    expect(JSON.stringify(request).length).toBeLessThan(1_000);
    expect((await inlineDataUris(request, getText)).body).toEqual({
      model: 'kling-v1',
      prompt: 'p',
      image: picture,
    });
  });

  test('that would be refused stores nothing', async () => {
    const { path, videos } = await bodyFile('grok-imagine-video');
    await expect(made({ body: path }, { STORAGE_URL: videos })).rejects.toThrow(/"image"/);
    await expect(readdir(videos)).rejects.toThrow(/ENOENT/);
  });
});
