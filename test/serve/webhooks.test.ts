import { describe, expect, test } from 'vitest';
import { maxEndpoints } from '../../src/storage/records/webhook-endpoints.ts';
import {
  deletedWebhookEndpointSchema,
  webhookEndpointListSchema,
  webhookEndpointSchema,
} from '../../src/serve/api/webhook-schemas.ts';
import { webhookOperations } from '../../src/serve/api/webhook-operations.ts';
import { createApp } from '../../src/serve/app.ts';
import { serveHarness } from './serve-harness.ts';

const url = 'https://hooks.example.com/onetake';

async function webhooks() {
  const serve = await serveHarness();
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await serve.app.request(`/v1${path}`, {
      method,
      headers: { host: 'localhost', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as unknown };
  };
  const create = async (body: unknown) =>
    webhookEndpointSchema.parse((await call('POST', '/webhooks', body)).json);
  return { ...serve, call, create };
}

describe('POST /v1/webhooks', () => {
  test('makes an endpoint of the tenant, and shows its secret in this response only', async () => {
    const { create, call, ports, log } = await webhooks();
    const { secret, ...shown } = await create({ url, events: ['video.completed'] });
    const [stored] = await ports.endpoints.list();
    expect(stored).toMatchObject({
      target: { url },
      types: ['video.completed'],
      secrets: [secret],
    });
    expect(stored?.tenant).toBe(log.at(-1)?.tenant);
    const list = webhookEndpointListSchema.parse((await call('GET', '/webhooks')).json);
    expect(list.data).toEqual([shown]);
    expect((await call('GET', `/webhooks/${shown.id}`)).json).toEqual(shown);
    expect(JSON.stringify(log)).not.toContain('whsec_');
  });

  test('takes a host of callbacks and a secret of the caller', async () => {
    const { create } = await webhooks();
    const secret = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
    expect(await create({ callback_host: 'Hooks.example.com', secret })).toMatchObject({
      url: null,
      callback_host: 'hooks.example.com',
      events: null,
      secret,
    });
  });

  test.each([
    [{}, null, 'either "url" or "callback_host"'],
    [{ url, callback_host: 'hooks.example.com' }, null, 'either "url" or "callback_host"'],
    [{ url: 'http://hooks.example.com/' }, 'url', 'must begin with https://'],
    [{ url: 'https://10.0.0.1/' }, 'url', 'not an IP address'],
    [{ callback_host: 'https://hooks.example.com' }, 'callback_host', 'must be a host name'],
    [{ url, events: ['video.done'] }, 'events.0', 'video.completed'],
    [{ url, events: [] }, 'events', ''],
    [{ url, secret: 'whsec_short' }, null, 'The secret must be whsec_'],
    [{ url, tenant: 'other' }, null, 'tenant'],
  ])('refuses %j', async (body, param, message) => {
    const { call, ports } = await webhooks();
    expect(await call('POST', '/webhooks', body)).toEqual({
      status: 400,
      json: {
        error: {
          code: 'invalid_request',
          type: 'invalid_request_error',
          param,
          message: expect.stringContaining(message) as string,
        },
      },
    });
    expect(await ports.endpoints.list()).toEqual([]);
  });

  test('refuses more endpoints than a tenant may have, and documents how many', async () => {
    const { create, call } = await webhooks();
    for (let count = 0; count < maxEndpoints; count += 1) await create({ url });
    expect(await call('POST', '/webhooks', { url })).toMatchObject({ status: 400 });
    const [{ description = '' } = {}] = webhookOperations;
    expect(description).toContain(`At most ${maxEndpoints} endpoints`);
  });
});

describe('POST /v1/webhooks/:endpoint/rotate', () => {
  test('shows a new secret beside the former one, until the rotation is finished', async () => {
    const { create, call, ports } = await webhooks();
    const { id, secret } = await create({ url });
    const rotated = await call('POST', `/webhooks/${id}/rotate`);
    const made = webhookEndpointSchema.parse(rotated.json);
    expect(made.rotating).toBe(true);
    expect((await ports.endpoints.get(id))?.secrets).toEqual([made.secret, secret]);
    const finished = await call('POST', `/webhooks/${id}/rotate`, { finish: true });
    expect(finished.json).not.toHaveProperty('secret');
    expect((await ports.endpoints.get(id))?.secrets).toEqual([made.secret]);
  });

  test('refuses a secret together with its end', async () => {
    const { create, call } = await webhooks();
    const { id, secret } = await create({ url });
    const answer = await call('POST', `/webhooks/${id}/rotate`, { finish: true, secret });
    expect(answer.status).toBe(400);
  });
});

test('DELETE /v1/webhooks/:endpoint removes it', async () => {
  const { create, call } = await webhooks();
  const { id } = await create({ url });
  deletedWebhookEndpointSchema.parse((await call('DELETE', `/webhooks/${id}`)).json);
  expect((await call('GET', `/webhooks/${id}`)).status).toBe(404);
  expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(404);
});

describe('a create with a callback_url', () => {
  const video = {
    model: 'sora-2',
    prompt: 'A cat naps in the sun',
    seconds: '4',
    callback_url: 'https://hooks.example.com/done',
  };

  test.each(['/videos', '/video/generations'])(
    'at %s is refused before anything is started, if no endpoint of the tenant allows its host',
    async (path) => {
      const { call, temporal } = await webhooks();
      const { status, json } = await call('POST', path, video);
      expect(status).toBe(400);
      expect(json).toMatchObject({
        error: {
          code: 'invalid_request',
          param: 'callback_url',
          message: expect.stringContaining('POST /v1/webhooks') as string,
        },
      });
      expect(temporal.runs.size).toBe(0);
    },
  );

  test('is started if an endpoint of the tenant allows its host', async () => {
    const { call, create, temporal } = await webhooks();
    await create({ callback_host: 'hooks.example.com' });
    expect((await call('POST', '/videos', video)).status).toBe(200);
    expect(temporal.runs.size).toBe(1);
  });

  test.each([
    ['identical', 1],
    ['retries', 3],
  ] as const)(
    'and others that differ only in it make, with withoutKey "%s", paid videos: %d',
    async (withoutKey, videos) => {
      const { ports, create, temporal } = await webhooks();
      await create({ callback_host: 'hooks.example.com' });
      const app = createApp({ ...ports, withoutKey });
      for (const callback_url of [video.callback_url, `${video.callback_url}?order=2`, null]) {
        const response = await app.request('/v1/videos', {
          method: 'POST',
          headers: { host: 'localhost', 'content-type': 'application/json' },
          body: JSON.stringify({ ...video, callback_url }),
        });
        expect(response.status).toBe(200);
      }
      expect(temporal.runs.size).toBe(videos);
    },
  );
});
