import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebhookEvent } from '../../src/contract/webhook.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { createKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { need } from '../support/need.ts';
import { findPythonClients, pythonClientsLimitMs } from '../support/python-clients.ts';
import {
  startWebhookReceiver,
  type ReceivedWebhook,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';
import { until } from './harness.ts';
import { onetakeJson } from './onetake.ts';
import { openAi } from './openai-node.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

const scriptLimitMs = 110_000;
const small = { model: 'sora-2', seconds: '4', size: '1280x720' } as const;
const tenants = ['acme', 'globex'] as const;
type Tenant = (typeof tenants)[number];

let clients: Promise<string>;
let folder: string;
let receiver: WebhookReceiver;
let harness: ServeHarness;
const keys = new Map<Tenant, string>();
/** Signing secrets, by the path that is called. */
const secrets = new Map<string, string>();
const endpointIds = new Map<Tenant, string>();
/** What the API said about the video when its webhook arrived. */
const statusAtArrival = new Map<string, string>();

beforeAll(async () => {
  clients = findPythonClients();
  await clients.catch(() => {});
}, pythonClientsLimitMs);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onetake-webhooks-'));
  const keysFile = join(folder, 'keys.json');
  for (const tenant of tenants) keys.set(tenant, (await createKey(keysFile, { tenant })).key);
  receiver = await startWebhookReceiver(noteStatus);
  harness = await createServeHarness({
    env: { SERVE_KEYS_FILE: keysFile, WEBHOOKS_TRUSTED_ORIGINS: receiver.origin },
  });
  for (const tenant of tenants) {
    const url = `${receiver.origin}/${tenant}`;
    const { id, secret } = await post(tenant, '/webhooks', { url, events: ['video.completed'] });
    secrets.set(`/${tenant}`, String(secret));
    endpointIds.set(tenant, String(id));
  }
  const callback_host = new URL(receiver.origin).host;
  const { secret } = await post('acme', '/webhooks', { callback_host });
  secrets.set('/callback', String(secret));
});
afterAll(async () => {
  await harness?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function call(tenant: Tenant, path: string, init: RequestInit = {}) {
  const headers = {
    authorization: `Bearer ${keys.get(tenant)}`,
    'content-type': 'application/json',
  };
  const response = await fetch(`${harness.server.url}/v1${path}`, { headers, ...init });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

async function post(tenant: Tenant, path: string, body: unknown) {
  const { status, json } = await call(tenant, path, { method: 'POST', body: JSON.stringify(body) });
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
}

/** The status of the response is that of the path. */
async function noteStatus({ path, body }: ReceivedWebhook): Promise<number> {
  if (path === '/refuses') return 500;
  const { data } = JSON.parse(body) as WebhookEvent;
  const { json } = await call(path === '/globex' ? 'globex' : 'acme', `/videos/${data.id}`);
  statusAtArrival.set(data.id, String(json['status']));
  return 204;
}

/** The webhook about a video at a path. */
function webhookAt(path: string, id: string): Promise<ReceivedWebhook> {
  return until(`a webhook about ${id} at ${path}`, () =>
    receiver.received.find((webhook) => webhook.path === path && eventOf(webhook).data.id === id),
  );
}

function eventOf({ body }: ReceivedWebhook): WebhookEvent {
  return JSON.parse(body) as WebhookEvent;
}

async function create(tenant: Tenant, prompt: string): Promise<OpenAI.Videos.Video> {
  const client = openAi(harness.server.url, { apiKey: keys.get(tenant) ?? '' });
  return client.videos.create({ ...small, prompt });
}

test('an endpoint made over HTTP gets video.completed, when the API says completed already', async () => {
  const { id } = await create('acme', 'A lighthouse for a webhook');
  const webhook = await webhookAt('/acme', id);
  expect(eventOf(webhook)).toEqual({
    id: expect.stringMatching(/^evt_[0-9a-f]+$/) as string,
    object: 'event',
    type: 'video.completed',
    created_at: expect.any(Number) as number,
    data: { id, object: 'video' },
  });
  expect(webhook.headers['webhook-id']).toBe(eventOf(webhook).id);
  expect(statusAtArrival.get(id)).toBe('completed');
});

test('a webhook is verified by openai-node and standardwebhooks, and a changed one is refused', async () => {
  const { id } = await create('acme', 'A lighthouse for openai-node');
  const { body, headers } = await webhookAt('/acme', id);
  const secret = secrets.get('/acme') ?? '';
  const { webhooks } = new OpenAI({ apiKey: 'sk-any' });
  const changed = body.replace('completed', 'failed');
  expect(await webhooks.unwrap(body, headers, secret)).toMatchObject({ type: 'video.completed' });
  await expect(webhooks.unwrap(changed, headers, secret)).rejects.toThrow(
    OpenAI.InvalidWebhookSignatureError,
  );
  const standard = new Webhook(secret);
  expect(standard.verify(body, headers)).toMatchObject({ data: { id } });
  expect(() => standard.verify(changed, headers)).toThrow();
});

test(
  'a webhook is verified by standardwebhooks and openai-python',
  async (context) => {
    const python = await need(context, clients);
    const { id } = await create('acme', 'A lighthouse for Python');
    const { body, headers } = await webhookAt('/acme', id);
    const script = fileURLToPath(new URL('python/webhooks_client.py', import.meta.url));
    const { exitCode, output } = await runCommand({
      file: python,
      args: [script, secrets.get('/acme') ?? '', JSON.stringify(headers), body],
      env: { HOME: folder },
      timeoutMs: scriptLimitMs,
    });
    expect(exitCode, output).toBe(0);
    expect(JSON.parse(output.split('\n').at(-1) ?? '')).toEqual({
      verified: JSON.parse(body) as unknown,
      type: 'video.completed',
      id: (JSON.parse(body) as WebhookEvent).id,
      refused: true,
    });
  },
  scriptLimitMs,
);

test('the endpoint of another tenant gets the events of its own videos only', async () => {
  const { id: ofAcme } = await create('acme', 'A lighthouse of acme');
  await webhookAt('/acme', ofAcme);
  const { id: ofGlobex } = await create('globex', 'A lighthouse of globex');
  await webhookAt('/globex', ofGlobex);
  const idsAt = (path: string) =>
    receiver.received.filter((each) => each.path === path).map((each) => eventOf(each).data.id);
  expect(idsAt('/globex')).toEqual([ofGlobex]);
  expect(idsAt('/acme')).toContain(ofAcme);
  expect(idsAt('/acme')).not.toContain(ofGlobex);
});

test('the callback_url of a create is called, signed, and is not sent to the gateway', async () => {
  const prompt = 'A lighthouse with a callback';
  const callback_url = `${receiver.origin}/callback`;
  const { id } = await post('acme', '/videos', { ...small, prompt, callback_url });
  const { body, headers } = await webhookAt('/callback', String(id));
  const verified = new Webhook(secrets.get('/callback') ?? '').verify(body, headers);
  expect(verified).toMatchObject({ type: 'video.completed', data: { id } });
  expect(paidFor(harness, prompt)).toEqual(paidOnce);
  const sent = harness.gateway.ledger.posts.filter((each) => each.body?.['prompt'] === prompt);
  expect(sent.map((each) => each.body)).toEqual([
    expect.not.objectContaining({ callback_url: expect.anything() as unknown }),
  ]);
});

test('a callback_url on a host that the tenant does not allow is refused, and nothing is paid', async () => {
  const prompt = 'A lighthouse that is refused';
  const video = { ...small, prompt, callback_url: `${receiver.origin}/callback` };
  const refused = await call('globex', '/videos', { method: 'POST', body: JSON.stringify(video) });
  expect(refused).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid_request', param: 'callback_url' } },
  });
  expect(paidFor(harness, prompt)).toEqual({ posts: 0, jobs: 0 });
});

test('the command line tests an endpoint, replays an event with the same bytes, and lists both', async () => {
  const { id } = await create('acme', 'A lighthouse for a replay');
  const first = await webhookAt('/acme', id);
  const endpoint = endpointIds.get('acme') ?? '';
  const run = (...args: string[]) => onetakeJson(harness, ['webhooks', ...args]);

  const tested = await run('test', endpoint);
  expect(tested).toMatchObject({ code: 0, json: { outcome: 'delivered', attempts: 1 } });

  const eventId = eventOf(first).id;
  expect((await run('replay', eventId, '--endpoint', endpoint)).code).toBe(0);
  const [, again] = await until('the replay', () => {
    const same = receiver.received.filter(({ headers }) => headers['webhook-id'] === eventId);
    return same.length > 1 && same;
  });
  expect(again?.body).toBe(first.body);
  new Webhook(secrets.get('/acme') ?? '').verify(again?.body ?? '', again?.headers ?? {});

  const listed = await until('both deliveries of the event', async () => {
    const { json } = await run('log', '--event', eventId);
    const deliveries = json['deliveries'] as { state: string; attempts: number }[];
    return deliveries.filter(({ state }) => state === 'delivered').length === 2 && deliveries;
  });
  expect(listed).toMatchObject([
    { state: 'delivered', attempts: 1, endpointId: endpoint, type: 'video.completed' },
    { state: 'delivered', attempts: 1, endpointId: endpoint, type: 'video.completed' },
  ]);
});

test('a tenant sees over HTTP why a delivery to its endpoint failed', async () => {
  const endpoint = await post('acme', '/webhooks', { url: `${receiver.origin}/refuses` });
  await post('acme', `/webhooks/${String(endpoint['id'])}/test`, undefined);
  const [failed] = await until('a failed attempt', async () => {
    const { json } = await call('acme', `/webhooks/${String(endpoint['id'])}/deliveries`);
    const data = json['data'] as { last_failure: string | null }[];
    return data.some(({ last_failure: failure }) => failure !== null) && data;
  });
  expect(failed).toMatchObject({
    event_type: 'webhook.test',
    state: 'waiting',
    last_failure: expect.stringContaining('500') as string,
    next_attempt_at: expect.any(Number) as number,
  });
});

test('no signing secret is in a log of the server or of the worker', () => {
  const logs = [harness.server.printed(), ...harness.workers.map((worker) => worker.printed())];
  expect(secrets.size).toBe(3);
  for (const secret of secrets.values()) {
    expect(secret).toMatch(/^whsec_/);
    expect(logs.filter((log) => log.includes(secret.slice('whsec_'.length)))).toEqual([]);
  }
});
