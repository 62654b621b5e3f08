import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createHarness } from './harness.ts';
import { startServeProcess } from './serve-process.ts';

const canary = 'canary-5f3b';

interface Init {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}

test('an HTTP API at level debug prints no API key, header, query, path, body or signature of a link', async () => {
  await using harness = await createHarness();
  await harness.startWorker();
  const file = join(harness.folder, 'keys.json');
  const { key } = await createKey(file, { tenant: 'acme' });
  const { linkSecret } = JSON.parse(await readFile(file, 'utf8')) as { linkSecret: string };
  const serve = await startServeProcess({
    ...harness.env,
    SERVE_KEYS_FILE: file,
    LOG_LEVEL: 'debug',
  });
  onTestFinished(serve.kill);
  const call = (path: string, { headers = {}, ...init }: Init = {}) =>
    fetch(`${serve.url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': `key-${canary}`,
        cookie: `session=${canary}`,
        'x-forwarded-for': canary,
        'user-agent': canary,
        ...headers,
      },
    });
  const body = JSON.stringify({ model: 'sora-2', prompt: canary, seconds: '4', size: '1280x720' });
  const created = await call(`/v1/videos?token=${canary}`, { method: 'POST', body });
  const { id } = (await created.json()) as { id: string };
  const ended = await call(`/v1/videos/${id}?wait=30&token=${canary}`);
  expect(await ended.json()).toMatchObject({ status: 'completed', prompt: canary });
  const link = (await (await call(`/v1/videos/${id}/link`, { method: 'POST' })).json()) as {
    url: string;
  };
  expect((await fetch(link.url)).status).toBe(200);
  const refused = [
    call('/v1/videos', { headers: { authorization: `Bearer sk-${canary}` } }),
    call(`/v1/videos/${canary}`),
    call(`/${canary}`),
    call('/v1/videos', { method: 'POST', body: `{"prompt": "${canary}` }),
    call('/v1/videos', {
      method: 'POST',
      body: JSON.stringify({ model: 'sora-2', seconds: canary }),
    }),
    call('/v1/videos', { method: 'POST', body, headers: { 'content-type': `text/${canary}` } }),
    call(`/v1/videos?after=${canary}`),
    fetch(link.url.replace('sig=', `sig=${canary}`)),
  ];
  const statuses = (await Promise.all(refused)).map(({ status }) => status);
  expect(statuses).toEqual([401, 404, 404, 400, 400, 415, 404, 403]);
  await serve.stop();
  const printed = serve.printed();
  const lines = printed.split('\n').filter((line) => line.includes('"msg":"Request"'));
  expect(lines.length).toBeGreaterThan(10);
  const signature = new URL(link.url).searchParams.get('sig') ?? '';
  expect(signature.length).toBeGreaterThan(20);
  for (const secret of [canary, key, signature, linkSecret]) expect(printed).not.toContain(secret);
}, 120_000);
