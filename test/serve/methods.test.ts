import { expect, test } from 'vitest';
import { errorSchema } from '../../src/serve/api/error-schemas.ts';
import { plainApp } from './plain-app.ts';

const id = `video_${'0'.repeat(40)}`;

test.each([
  ['PUT', '/v1/videos', 'GET, HEAD, POST'],
  ['PATCH', `/v1/videos/${id}`, 'DELETE, GET, HEAD'],
  ['DELETE', '/v1/quote', 'POST'],
  ['POST', '/openapi.json', 'GET, HEAD'],
  ['OPTIONS', '/v1/videos/edits', 'POST'],
])('%s %s is 405, and Allow lists the methods of the route', async (method, path, allowed) => {
  const { call } = await plainApp();
  const { status, headers, json } = await call(method, path);
  expect(status).toBe(405);
  expect(headers.get('allow')).toBe(allowed);
  expect(errorSchema.parse(json).error.code).toBe('method_not_allowed');
});

test('a path without a route is 404 for every method', async () => {
  const { call } = await plainApp();
  for (const method of ['GET', 'POST', 'DELETE']) {
    expect(await call(method, '/v1/nothing')).toMatchObject({ status: 404 });
  }
});

test('a method that a route lacks is 401 without an API key', async () => {
  const { app } = await plainApp();
  expect((await app.request('/v1/videos', { method: 'PUT' })).status).toBe(401);
});
