import { expect, test } from 'vitest';
import { makeRequest } from '../../src/cli/video/make-request.ts';
import { createOutput } from '../../src/cli/output.ts';
import { quoteWords } from '../../src/cli/models/quote-words.ts';

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
