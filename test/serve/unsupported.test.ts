import { expect, test } from 'vitest';
import { errorSchema } from '../../src/serve/api/error-schemas.ts';
import { plainApp } from './plain-app.ts';

const id = `video_${'0'.repeat(40)}`;

test.each([
  ['POST', `/v1/videos/${id}/remix`],
  ['POST', '/v1/videos/edits'],
  ['POST', '/v1/videos/extensions'],
  ['POST', '/v1/videos/characters'],
  ['GET', '/v1/videos/characters/char_1'],
])('%s %s is refused with what to do instead, and starts nothing', async (method, path) => {
  const { call, calls } = await plainApp();
  const body = method === 'POST' ? { model: 'sora-2', prompt: 'A cat' } : undefined;
  const { status, json } = await call(method, path, body);
  expect(status).toBe(400);
  const { code, message } = errorSchema.parse(json).error;
  expect(code).toBe('not_supported');
  expect(message).toContain('POST /v1/videos');
  expect(calls).toEqual([]);
});
