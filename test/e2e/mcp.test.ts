import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { speed, until } from './harness.ts';
import {
  agrees,
  approveOnPage,
  connectHttp,
  dataOf,
  errorOf,
  untilEnded,
  type Agent,
} from './mcp-clients.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

let harness: ServeHarness;
beforeAll(async () => {
  harness = await createServeHarness({ speed, env: { MCP_RESOLVE: 'on' } });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const nothing = { posts: 0, jobs: 0 };

function requestOf(prompt: string) {
  return { model: 'sora-2', prompt, seconds: 4, size: '1280x720' };
}

/** A video that is under way, with the word of a person. */
async function start(agent: Agent, prompt: string, more: object = {}) {
  return dataOf(await agent.call('generate_video', { ...requestOf(prompt), ...more }));
}

describe.concurrent('/mcp', () => {
  test('makes a video that a person agreed to, from the question to the file', async () => {
    let question = '';
    await using agent = await connectHttp(harness.server.url, {
      person: ({ message }) => {
        question = message;
        return { action: 'accept', content: { pay: true } };
      },
    });
    const made = await start(agent, 'A cat');
    expect(question).toContain('Prompt: "A cat"');
    expect(made).toMatchObject({ outcome: 'started', warnings: expect.any(Array), link: null });
    const ended = await untilEnded(agent, made['id']);
    expect(ended).toMatchObject({ status: 'completed', phase: 'stored', billed: 'yes' });
    const { content } = await agent.call('video_status', { id: made['id'] });
    const link = content.find(({ type }) => type === 'resource_link');
    expect(link).toMatchObject({ mimeType: 'video/mp4' });
    const file = await fetch((link as { uri: string }).uri);
    const { size_bytes: sizeBytes } = ended['file'] as { size_bytes: number };
    expect((await file.arrayBuffer()).byteLength).toBe(sizeBytes);
    const { contents } = await agent.client.readResource({ uri: String(ended['resource']) });
    expect(JSON.stringify(contents)).toContain('"object\\":\\"video\\"');
    expect(paidFor(harness, 'A cat')).toEqual(paidOnce);
  });

  test('an agent that tries to spend without a word of a person is refused, and sends no POST', async () => {
    const prompt = 'A wolf';
    await using agent = await connectHttp(harness.server.url);
    const tried = (given: object) =>
      agent.call('generate_video', { ...requestOf(prompt), ...given });
    const asked = errorOf(await tried({}));
    expect(asked).toMatchObject({ code: 'approval_required', confirm: expect.any(String) });
    expect(errorOf(await tried({ key: randomUUID() }))['code']).toBe('approval_required');
    const { confirm } = asked;
    expect(errorOf(await tried({ confirm }))['code']).toBe('not_approved');
    expect(errorOf(await tried({ confirm: 'made up' }))['code']).toBe('unknown_token');
    const cheap = dataOf(await agent.call('quote_video', requestOf('A small wolf')));
    const approval = cheap['approval'] as { confirm: string; approve_url: string };
    await approveOnPage(approval.approve_url);
    expect(errorOf(await tried({ confirm: approval.confirm }))['code']).toBe('other_request');
    await using another = await connectHttp(harness.server.url, {
      person: () => ({ action: 'decline' }),
    });
    const declined = await another.call('generate_video', requestOf(prompt));
    expect(errorOf(declined)['code']).toBe('declined');
    expect(paidFor(harness, prompt)).toEqual(nothing);
    expect(paidFor(harness, 'A small wolf')).toEqual(nothing);
  });

  test('one approved token pays once, also at two servers at the same time', async () => {
    const prompt = 'A lynx';
    const other = await harness.startServer();
    await using one = await connectHttp(harness.server.url);
    await using two = await connectHttp(other.url);
    const quote = dataOf(await one.call('quote_video', requestOf(prompt)));
    const { confirm, approve_url: page } = quote['approval'] as Record<string, string>;
    await approveOnPage(page);
    const given = { ...requestOf(prompt), confirm };
    const both = await Promise.all([one, two].map((agent) => agent.call('generate_video', given)));
    const again = await two.call('generate_video', given);
    const ids = new Set([...both, again].map((result) => dataOf(result)['id']));
    expect(ids.size).toBe(1);
    await untilEnded(one, [...ids][0]);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('a repeated call with a key is the same video, and asks no second time', async () => {
    const prompt = 'A hare';
    let asked = 0;
    await using agent = await connectHttp(harness.server.url, {
      person: (question) => {
        asked += 1;
        return agrees(question);
      },
    });
    const key = randomUUID();
    const first = await start(agent, prompt, { key });
    const again = await start(agent, prompt, { key });
    expect(again).toMatchObject({ id: first['id'], outcome: 'joined' });
    const other = await agent.call('generate_video', { ...requestOf('A wild hare'), key });
    expect(errorOf(other)['code']).toBe('idempotency_key_reused');
    expect(asked).toBe(2);
    await untilEnded(agent, first['id']);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
    expect(paidFor(harness, 'A wild hare')).toEqual(nothing);
  });

  test('a client of 2025 gets a token, which a person approves on the page', async () => {
    const prompt = 'A seal';
    const client = new OldClient(
      { name: 'old', version: '1' },
      { capabilities: { elicitation: {} } },
    );
    await client.connect(new OldTransport(new URL(`${harness.server.url}/mcp`)) as never);
    const call = (given: object) =>
      client.callTool({ name: 'generate_video', arguments: { ...requestOf(prompt), ...given } });
    const { _meta: meta } = await call({});
    const refused = meta?.['onetake/error'] as Record<string, string>;
    expect(refused['code']).toBe('approval_required');
    expect(paidFor(harness, prompt)).toEqual(nothing);
    await approveOnPage(refused['approve_url']);
    const { confirm } = refused;
    const made = await call({ confirm });
    expect(made.structuredContent).toMatchObject({ outcome: 'started' });
    expect((await client.listTools()).tools.length).toBeGreaterThan(6);
    const { id } = made.structuredContent as { id: string };
    const ended = await client.callTool({ name: 'wait_for_video', arguments: { id, seconds: 45 } });
    expect(ended.structuredContent).toMatchObject({ status: 'completed' });
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
    await client.close();
  });

  test('a wait that is too short for the video ends without an error', async () => {
    await using agent = await connectHttp(harness.server.url, { person: agrees });
    const { id } = await start(agent, 'An owl');
    const waited = await agent.call('wait_for_video', { id, seconds: 1 });
    expect(dataOf(waited)).toMatchObject({ timed_out: true });
    expect(dataOf(waited)['status']).not.toBe('completed');
    expect(await untilEnded(agent, id)).toMatchObject({ status: 'completed', timed_out: false });
  });

  test('a refusal of the gateway is an error that says what was charged', async () => {
    await using agent = await connectHttp(harness.server.url, { person: agrees });
    const request = requestOf('[sandbox: submit-403-quota] a fox');
    const refused = errorOf(await agent.call('generate_video', request));
    expect(refused).toMatchObject({ code: 'insufficient_quota', failure: { billed: 'no' } });
  });

  test('a cancelled video says what stays charged, and with keep it is stored', async () => {
    await using agent = await connectHttp(harness.server.url, { person: agrees });
    const [kept, dropped] = [await start(agent, 'A kept bear'), await start(agent, 'A bear')];
    const keep = await agent.call('cancel_video', { id: kept['id'], keep: true });
    expect(dataOf(keep)).toMatchObject({ billed: 'yes' });
    const drop = await agent.call('cancel_video', { id: dropped['id'] });
    expect(dataOf(drop)).toMatchObject({ phase: 'cancelled', billed: 'yes' });
    expect(await untilEnded(agent, kept['id'])).toMatchObject({ phase: 'stored' });
  });

  test('an unresolved video is in progress; an agent can give it up, and never pays again', async () => {
    const prompt = '[sandbox: submit-200-empty] a crow';
    await using agent = await connectHttp(harness.server.url, { person: agrees });
    const { id } = await start(agent, prompt);
    const unresolved = await until('an unresolved submit', async () => {
      const video = dataOf(await agent.call('video_status', { id }));
      return video['phase'] === 'unresolved' && video;
    });
    expect(unresolved).toMatchObject({ status: 'in_progress', billed: 'maybe', error: null });
    const decide = (action: string) => agent.call('resolve_video', { id, action });
    expect((await decide('resubmit')).isError).toBe(true);
    expect((await decide('adopt')).isError).toBe(true);
    expect((await decide('abandon')).isError).toBeUndefined();
    expect(await untilEnded(agent, id)).toMatchObject({ error: { code: 'abandoned' } });
    expect(paidFor(harness, prompt).posts).toBe(1);
  });
});

test('with a keys file, tenants see their own videos only', async () => {
  const keysFile = join(harness.folder, 'mcp-keys.json');
  const { key: acmeKey } = await createKey(keysFile, { tenant: 'acme' });
  const { key: globexKey } = await createKey(keysFile, { tenant: 'globex' });
  const server = await harness.startServer({ SERVE_KEYS_FILE: keysFile });
  const refused = await fetch(`${server.url}/mcp`, { method: 'POST', body: '{}' });
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  await using acme = await connectHttp(server.url, { apiKey: acmeKey, person: agrees });
  await using globex = await connectHttp(server.url, { apiKey: globexKey });
  const { id } = await start(acme, 'A secret of acme');
  for (const name of ['video_status', 'wait_for_video', 'cancel_video']) {
    expect(errorOf(await globex.call(name, { id }))['code']).toBe('not_found');
  }
  expect(dataOf(await globex.call('list_videos'))['videos']).toEqual([]);
  const quote = dataOf(await acme.call('quote_video', requestOf('Of acme')));
  const { confirm, approve_url: page } = quote['approval'] as Record<string, string>;
  await expect(approveOnPage(page, globexKey)).rejects.toThrow('403');
  await approveOnPage(page, acmeKey);
  const stolen = await globex.call('generate_video', { ...requestOf('Of acme'), confirm });
  expect(errorOf(stolen)['code']).toBe('unknown_token');
  expect(await untilEnded(acme, id)).toMatchObject({ status: 'completed' });
  const { content } = await acme.call('video_status', { id });
  expect(JSON.stringify(content)).not.toContain(acmeKey);
});
