import { expect, test } from 'vitest';
import { VideoClientError } from '../../src/client/video-client-error.ts';
import { agrees, cat, dataOf, mcpHarness, textOf } from './mcp-harness.ts';
import { spendingHarness } from './spending/spending-harness.ts';

/** A person who agrees, and what the person was asked. */
async function agreeing() {
  const mcp = await mcpHarness();
  const asked: string[] = [];
  const { call } = await mcp.connect({
    person: (question) => {
      asked.push(question.message);
      return agrees(question);
    },
  });
  return { ...mcp, call, asked };
}

test('an error after the word names the key, and the call with it is the same video without a new question', async () => {
  const { ports, temporal, call, asked } = await agreeing();
  const { start } = ports.videos;
  let isFirst = true;
  ports.videos = {
    ...ports.videos,
    start: async (...given) => {
      const started = await start(...given);
      if (!isFirst) return started;
      isFirst = false;
      throw new VideoClientError('temporal_unavailable', 'deadline exceeded');
    },
  };
  const failed = await call('generate_video', cat);
  const error = failed._meta?.['onetake/error'];
  expect(error).toMatchObject({ key: expect.any(String) });
  const { key } = error as { key: string };
  expect(textOf(failed)).toContain(`Repeat the call with key="${key}" and the same arguments`);
  expect(textOf(failed)).not.toContain('Nothing is lost');
  const again = await call('generate_video', { ...cat, key });
  expect(again.structuredContent).toMatchObject({ outcome: 'cached', key });
  expect([asked.length, temporal.runs.size]).toEqual([1, 1]);
});

test('the result of a video has the key by which a repeated call finds it', async () => {
  const { temporal, call, asked } = await agreeing();
  const first = dataOf(await call('generate_video', cat));
  const again = dataOf(await call('generate_video', { ...cat, key: first['key'] }));
  expect(again).toMatchObject({ id: first['id'], key: first['key'] });
  expect([asked.length, temporal.runs.size]).toEqual([1, 1]);
});

test('the question says what another call is', async () => {
  const { call, asked } = await agreeing();
  await call('generate_video', cat);
  await call('generate_video', { ...cat, key: 'mine' });
  expect(asked[0]).toContain('without its key, that is another video, and you are asked again');
  expect(asked[1]).toContain('Another call with the same key is the same video');
});

test('an agent cannot set tags and priority, and its videos have the tag "mcp"', async () => {
  const { temporal, call } = await agreeing();
  for (const onetake of [{ tags: ['x'] }, { priority: 'interactive' }, {}, null]) {
    for (const tool of ['quote_video', 'generate_video']) {
      const result = await call(tool, { ...cat, fields: { onetake } });
      expect(result._meta?.['onetake/error']).toMatchObject({
        code: 'invalid_request',
        param: 'fields.onetake',
      });
    }
  }
  expect(temporal.runs.size).toBe(0);
  await call('generate_video', cat);
  expect([...temporal.runs.values()]).toMatchObject([{ tags: ['tenant:local', 'mcp'] }]);
});

test('a repeated call with a key and a callback_url finds its video without another question', async () => {
  const { temporal, call, asked, app } = await agreeing();
  const created = await app.request('http://127.0.0.1:8787/v1/webhooks', {
    method: 'POST',
    headers: { host: '127.0.0.1:8787', 'content-type': 'application/json' },
    body: JSON.stringify({ callback_host: 'hooks.example.com' }),
  });
  expect(created.ok).toBe(true);
  const given = { ...cat, key: 'mine', fields: { callback_url: 'https://hooks.example.com/done' } };
  const first = await call('generate_video', given);
  expect(textOf(first)).toContain('is stored');
  const again = await call('generate_video', given);
  expect(again.structuredContent).toMatchObject({ outcome: 'cached' });
  expect([asked.length, temporal.runs.size]).toEqual([1, 1]);
});

test('a call that ended before its video was started pays nothing', async () => {
  const { permissions, clock } = spendingHarness({ standing: { videos: 9 } });
  // The app beside it has the real clock.
  clock.ms = Date.now();
  const ending = new AbortController();
  const { connect, requests, app, url, temporal } = await mcpHarness({
    permissions: {
      ...permissions,
      check: async (...given) => {
        if (given[0].key === 'ended') ending.abort();
        return permissions.check(...given);
      },
    },
  });
  const { call } = await connect();
  const first = { ...cat, model: 'SD2.5 480P', key: 'other' };
  expect((await call('generate_video', first)).isError).toBeUndefined();
  const { headers, body = '' } = requests.findLast((each) => each.body.includes('"other"')) ?? {};
  const request = new Request(url, {
    method: 'POST',
    headers: headers ?? {},
    body: body.replace('"other"', '"ended"'),
    signal: ending.signal,
  });
  const answer = Promise.resolve(app.fetch(request)).then((response) => response.text());
  await answer.catch(() => null);
  expect(ending.signal.aborted).toBe(true);
  // The ended call has no answer to wait for; a later one takes as many steps.
  expect((await call('generate_video', { ...first, key: 'later' })).isError).toBeUndefined();
  expect(temporal.runs.size).toBe(2);
});

test('an agent adopts a candidate only, also on a server without API keys', async () => {
  const mcp = await mcpHarness({ withResolve: true });
  mcp.permissions.stand();
  const { call } = await mcp.connect();
  const { id } = dataOf(await call('generate_video', cat));
  const status = {
    phase: 'unresolved',
    billed: 'maybe',
    unresolved: { since: '2026-11-30T12:00:00Z', findings: [], candidates: ['task_1'] },
  };
  for (const videoId of mcp.temporal.runs.keys()) {
    const run = { phase: 'unresolved', historyLength: 100 };
    mcp.temporal.endings.set(videoId, { run, query: () => status });
  }
  const resolved: unknown[] = [];
  mcp.ports.videos = {
    ...mcp.ports.videos,
    resolve: async (...given) => void resolved.push(given[1]),
  };
  const foreign = { id, action: 'adopt', job_id: 'task_of_another_tenant' };
  expect(textOf(await call('resolve_video', foreign))).toContain('is not a candidate');
  expect(resolved).toEqual([]);
  await call('resolve_video', { ...foreign, job_id: 'task_1' });
  expect(resolved).toEqual([{ action: 'adopt', jobId: 'task_1' }]);
});
