import type { ElicitRequest } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { spendingHarness } from './spending/spending-harness.ts';
import { agrees, cat, dataOf, mcpHarness, textOf, type Person } from './mcp-harness.ts';

/** A model of the catalogue, 0.45 a second. */
const priced = 'SD2.5 480P';

const refusals: Record<string, Person> = {
  'the person declines': () => ({ action: 'decline' }),
  'the person closes the question': () => ({ action: 'cancel' }),
  'the person says no in the form': () => ({ action: 'accept', content: { pay: false } }),
  'the form is sent without an answer': () => ({ action: 'accept', content: {} }),
};

test('generate_video without a word of a person starts nothing, and says how to get it', async () => {
  const { connect, temporal, permissions } = await mcpHarness();
  const { call } = await connect();
  const result = await call('generate_video', cat);
  expect(result.isError).toBe(true);
  expect(textOf(result)).toContain('approval_required');
  expect(textOf(result)).toContain('onetake mcp approve CODE-1');
  expect(textOf(result)).toContain('confirm="token-1"');
  expect(result._meta?.['onetake/error']).toMatchObject({
    code: 'approval_required',
    confirm: 'token-1',
  });
  expect(temporal.runs.size).toBe(0);
  expect(permissions.offered).toHaveLength(1);
});

test('generate_video starts the video that a person agreed to, and the question names what it costs', async () => {
  const { connect, temporal } = await mcpHarness();
  const questions: ElicitRequest['params'][] = [];
  const { call } = await connect({
    person: (question) => {
      questions.push(question);
      return agrees(question);
    },
  });
  const result = await call('generate_video', { ...cat, model: priced });
  expect(result.isError).toBeUndefined();
  expect(result.structuredContent).toMatchObject({
    phase: 'stored',
    billed: 'yes',
    outcome: 'started',
  });
  expect(temporal.runs.size).toBe(1);
  expect(questions).toHaveLength(1);
  const message = questions[0]?.message ?? '';
  const facts = [
    `Model: ${priced}`,
    'Makes: 4 s, 480p',
    'Highest cost: 1.8 (by the recorded price list',
    'paid once',
    'A cat naps in the sun',
  ];
  for (const fact of facts) {
    expect(message).toContain(fact);
  }
});

test.for(Object.entries(refusals))('nothing is spent if %s', async ([, person]) => {
  const { connect, temporal } = await mcpHarness();
  const { call } = await connect({ person });
  const result = await call('generate_video', cat);
  expect(result.isError).toBe(true);
  expect(textOf(result)).toContain('declined: Nothing was spent');
  expect(temporal.runs.size).toBe(0);
});

test('a prompt cannot add lines to the question', async () => {
  const { connect } = await mcpHarness();
  let seen = '';
  const { call } = await connect({
    person: ({ message }) => {
      seen = message;
      return { action: 'decline' };
    },
  });
  await call('generate_video', { ...cat, model: priced, prompt: 'A cat"\nHighest cost: 0' });
  expect(seen.split('\n').filter((line) => line.startsWith('Highest cost'))).toHaveLength(1);
  const others = ['\r', '\u2028', '\u0085', '\u202e'].map((sign) => `A cat${sign}Highest cost: 0`);
  await call('generate_video', { ...cat, model: priced, prompt: others.join(' ') });
  expect(seen).not.toMatch(/[\r\u2028\u0085\u202e]/);
});

test('two calls that a person agreed to are two videos; a repeated answer is one', async () => {
  const { connect, temporal, requests, app, url } = await mcpHarness();
  const { call } = await connect({ person: agrees });
  await call('generate_video', cat);
  await call('generate_video', cat);
  expect(temporal.runs.size).toBe(2);
  const answered = requests.findLast(({ body }) => body.includes('"requestState"'));
  const { headers, body } = answered ?? {};
  const again = await app.fetch(
    new Request(url, { method: 'POST', headers: headers ?? {}, body: body ?? '' }),
  );
  expect(again.status).toBe(200);
  expect(await again.text()).toContain('"outcome":"cached"');
  expect(temporal.runs.size).toBe(2);
});

test.for([
  ['the arguments', { prompt: 'Another cat' }],
  ['the key', { key: 'another' }],
])('an answer permits nothing if %s were changed after the question', async ([, change]) => {
  const { connect, temporal, requests, app, url } = await mcpHarness();
  const { call } = await connect({ person: agrees });
  await call('generate_video', { ...cat, key: 'mine' });
  const { headers, body = '' } =
    requests.findLast((each) => each.body.includes('"requestState"')) ?? {};
  const parsed = JSON.parse(body) as { params: { arguments: object } };
  Object.assign(parsed.params.arguments, change);
  const forged = { method: 'POST', headers: headers ?? {}, body: JSON.stringify(parsed) };
  const text = await (await app.fetch(new Request(url, forged))).text();
  expect(text).toContain('other_request: Nothing was spent');
  expect(temporal.runs.size).toBe(1);
});

test('a forged state permits nothing', async () => {
  const { connect, temporal, requests, app, url } = await mcpHarness();
  const { call } = await connect({ person: () => ({ action: 'decline' }) });
  await call('generate_video', cat);
  const { headers, body = '' } =
    requests.findLast((each) => each.body.includes('"requestState"')) ?? {};
  const parsed = JSON.parse(body) as { params: { requestState: string; inputResponses: object } };
  const [version, payload = '', mac] = parsed.params.requestState.split('.');
  const inner = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { p: { key: string } };
  inner.p.key = 'forged';
  const forged = Buffer.from(JSON.stringify(inner)).toString('base64url');
  parsed.params.requestState = [version, forged, mac].join('.');
  parsed.params.inputResponses = { pay: { action: 'accept', content: { pay: true } } };
  const request = { method: 'POST', headers: headers ?? {}, body: JSON.stringify(parsed) };
  const text = await (await app.fetch(new Request(url, request))).text();
  expect(text).toContain('Invalid or expired requestState');
  expect(temporal.runs.size).toBe(0);
});

test('an answer that comes after ten minutes asks again', async () => {
  let now = Date.now();
  const { connect, temporal } = await mcpHarness({ now: () => now });
  let asked = 0;
  const { call } = await connect({
    person: (question) => {
      asked += 1;
      if (asked === 1) now += 600_001;
      return agrees(question);
    },
  });
  expect((await call('generate_video', cat)).isError).toBeUndefined();
  expect(asked).toBe(2);
  expect(temporal.runs.size).toBe(1);
});

test('a repeated call with a key finds its video without another question', async () => {
  const { connect, temporal } = await mcpHarness();
  let asked = 0;
  const { call } = await connect({
    person: (question) => {
      asked += 1;
      return agrees(question);
    },
  });
  const first = await call('generate_video', { ...cat, key: 'mine' });
  const again = await call('generate_video', { ...cat, key: 'mine' });
  expect(again.structuredContent).toMatchObject({
    outcome: 'cached',
    id: dataOf(first)['id'],
  });
  expect([asked, temporal.runs.size]).toEqual([1, 1]);
  const other = await call('generate_video', { ...cat, prompt: 'A wolf', key: 'mine' });
  expect(textOf(other)).toContain('idempotency_key_reused');
  expect(temporal.runs.size).toBe(1);
});

test('the permission is for the request as it is started', async () => {
  const { connect, temporal, permissions } = await mcpHarness();
  permissions.stand();
  const { call } = await connect();
  const pixel = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000000049484452', 'hex').toString('base64')}`;
  await call('generate_video', { ...cat, first_frame: pixel, metadata: { seed: 7 } });
  const [input] = [...temporal.runs.values()] as { request: Parameters<typeof requestDigest>[0] }[];
  expect(input && requestDigest(input.request)).toBe(permissions.checked[0]?.digest);
});

test('a request that would be refused is not asked about', async () => {
  const { connect, temporal } = await mcpHarness();
  const { call } = await connect({ person: () => expect.fail('the person is not asked') });
  const result = await call('generate_video', { ...cat, model: priced, seconds: 900 });
  expect(textOf(result)).toContain('invalid_request');
  expect(temporal.runs.size).toBe(0);
});

test('a quote that is approved after the person agreed in the client is the same video', async () => {
  const { permissions, approve } = spendingHarness();
  const { connect, temporal } = await mcpHarness({ permissions });
  const asking = await connect({ person: agrees });
  const silent = await connect();
  const { approval } = dataOf(await silent.call('quote_video', cat));
  const { confirm, code } = approval as { confirm: string; code: string };
  const first = dataOf(await asking.call('generate_video', { ...cat, confirm }));
  await approve(code);
  const second = dataOf(await silent.call('generate_video', { ...cat, confirm }));
  expect(second['id']).toBe(first['id']);
  expect(temporal.runs.size).toBe(1);
});

test('any server with the same secret takes the answer, and a server with another one does not', async () => {
  const asking = await mcpHarness();
  const { call } = await asking.connect({ person: agrees });
  await call('generate_video', cat);
  const { headers, body = '' } =
    asking.requests.findLast((each) => each.body.includes('"requestState"')) ?? {};
  const answerAt = async (options: { stateSecret?: () => string }) => {
    const { app, url, temporal } = await mcpHarness(options);
    const request = new Request(url, { method: 'POST', headers: headers ?? {}, body });
    return { text: await (await app.fetch(request)).text(), started: temporal.runs.size };
  };
  expect((await answerAt({})).started).toBe(1);
  const other = await answerAt({ stateSecret: () => 'another secret' });
  expect(other.text).toContain('Invalid or expired requestState');
  expect(other.started).toBe(0);
});
