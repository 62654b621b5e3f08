import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { keyedApiId } from '../../src/identity/tenant-video.ts';
import { cat, dataOf, mcpHarness, textOf } from './mcp-harness.ts';

const always = [
  'cancel_video',
  'generate_video',
  'list_models',
  'list_videos',
  'quote_video',
  'video_status',
  'wait_for_video',
];

/** A harness with one stored video of the tenant. */
async function withVideo() {
  const harness = await mcpHarness();
  harness.permissions.stand();
  const connection = await harness.connect();
  const made = dataOf(await connection.call('generate_video', { ...cat, key: 'mine' }));
  return { ...harness, ...connection, id: String(made['id']) };
}

test('every tool has valid schemas, a title and annotations, and only one may spend', async () => {
  const { connect } = await mcpHarness({ withResolve: true });
  const { tools } = await (await connect()).client.listTools();
  expect(tools.map(({ name }) => name).toSorted()).toEqual([...always, 'resolve_video'].toSorted());
  const ajv = new Ajv2020({ strict: false, formats: { uri: true } });
  for (const { name, title, description, inputSchema, outputSchema, annotations } of tools) {
    expect(() => ajv.compile(inputSchema as object)).not.toThrow();
    expect(() => ajv.compile(outputSchema as object)).not.toThrow();
    const described = { title: title !== undefined, schema: outputSchema !== undefined };
    expect({ name, ...described }).toEqual({ name, title: true, schema: true });
    expect(description).toBeTruthy();
    expect(annotations).toBeDefined();
  }
  const hint = (of: 'readOnlyHint' | 'destructiveHint') =>
    tools.filter(({ annotations }) => annotations?.[of] === true).map(({ name }) => name);
  expect(hint('destructiveHint').toSorted()).toEqual(['cancel_video', 'resolve_video']);
  expect(hint('readOnlyHint')).not.toContain('generate_video');
});

test('resolve_video is absent unless it is turned on', async () => {
  const { tools } = await (await (await mcpHarness()).connect()).client.listTools();
  expect(tools.map(({ name }) => name).toSorted()).toEqual(always);
});

test('quote_video says what is made, the highest cost, and how a person approves it', async () => {
  const { connect, temporal } = await mcpHarness();
  const { call } = await connect();
  const result = await call('quote_video', { ...cat, model: 'SD2.5 480P' });
  expect(dataOf(result)).toMatchObject({
    model: 'SD2.5 480P',
    makes: { seconds: 4, resolution: '480p' },
    cost: { money: 1.8 },
    refusals: [],
    approval: { confirm: 'token-1', code: 'CODE-1', expires_at: 1_000 },
  });
  expect(textOf(result)).toContain('Highest cost: 1.8');
  expect(temporal.runs.size).toBe(0);
});

test('quote_video offers no approval of a request that would be refused', async () => {
  const { connect, permissions } = await mcpHarness();
  const { call } = await connect();
  const result = await call('quote_video', { ...cat, model: 'SD2.5 480P', seconds: 900 });
  expect(dataOf(result)).toMatchObject({
    approval: null,
    refusals: [{ field: expect.any(String) }],
  });
  expect(permissions.offered).toEqual([]);
});

test('a stored video has a link to its file, and no bytes', async () => {
  const { call, id, app } = await withVideo();
  const result = await call('video_status', { id });
  expect(dataOf(result)).toMatchObject({ id, status: 'completed', phase: 'stored' });
  const link = result.content.find(({ type }) => type === 'resource_link') as { uri: string };
  expect(link).toMatchObject({ mimeType: 'video/mp4', name: id });
  const file = await app.request(link.uri, { headers: { host: '127.0.0.1:8787' } });
  expect(file.status).toBe(200);
});

test('list_videos pages through the videos of the tenant', async () => {
  const { call, id } = await withVideo();
  await call('generate_video', { ...cat, key: 'second' });
  const page = dataOf(await call('list_videos', { limit: 1 }));
  const [first] = page['videos'] as { id: string }[];
  expect(page['has_more']).toBe(true);
  const rest = dataOf(await call('list_videos', { limit: 1, after: first?.id }));
  expect(rest['has_more']).toBe(false);
  const [second] = rest['videos'] as { id: string }[];
  expect([first?.id, second?.id]).toContain(id);
});

test('list_models shows what a model accepts and costs, or one model', async () => {
  const { connect } = await mcpHarness();
  const { call } = await connect();
  const all = dataOf(await call('list_models'))['models'] as { id: string }[];
  expect(all.length).toBeGreaterThan(20);
  const one = dataOf(await call('list_models', { model: 'SD2.5 480P' }))['models'];
  expect(one).toMatchObject([{ id: 'SD2.5 480P', price: [{ per_second: 0.45 }] }]);
  expect(textOf(await call('list_models', { model: 'none' }))).toContain('model_not_found');
});

test.for([
  ['video_status', {}],
  ['wait_for_video', {}],
  ['cancel_video', {}],
] as const)('%s of an unknown video is an error that an agent can read', async ([name, more]) => {
  const { connect } = await mcpHarness();
  const { call } = await connect();
  const result = await call(name, { id: keyedApiId('local', 'never started'), ...more });
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(/^not_found: .*\nlist_videos/s);
});

test('an ended video cannot be cancelled, and its file stays', async () => {
  const { call, id } = await withVideo();
  expect(textOf(await call('cancel_video', { id }))).toContain('wrong_phase');
  expect(dataOf(await call('video_status', { id }))).toMatchObject({ phase: 'stored' });
});

test('unexpected errors say nothing about the server', async () => {
  const fail = () => Promise.reject(new Error('secret path /etc/keys'));
  const { connect, errors } = await mcpHarness({
    permissions: { offer: fail, check: fail, agreed: fail },
  });
  const result = await (await connect()).call('generate_video', cat);
  expect(textOf(result)).toContain('internal_error');
  expect(JSON.stringify(result)).not.toContain('secret path');
  expect(errors).toHaveLength(1);
});

test('an unexpected error of a resource says nothing about the server', async () => {
  const { connect, ports, errors } = await mcpHarness();
  ports.read = () => Promise.reject(new Error('secret path /etc/keys'));
  const { client } = await connect();
  const reading = client.readResource({ uri: `onetake://videos/${keyedApiId('local', 'any')}` });
  await expect(reading).rejects.toThrow('Unexpected error');
  expect(errors).toHaveLength(1);
});

test('a video can be read as a resource, and the newest are listed', async () => {
  const { client, id } = await withVideo();
  const uri = `onetake://videos/${id}`;
  const { resources } = await client.listResources();
  expect(resources).toMatchObject([{ uri, mimeType: 'application/json' }]);
  const { contents } = await client.readResource({ uri });
  const [content] = contents;
  const text = content && 'text' in content ? content.text : '';
  expect(JSON.parse(text)).toMatchObject({ id, object: 'video', onetake: { phase: 'stored' } });
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates).toMatchObject([{ uriTemplate: 'onetake://videos/{id}' }]);
  const unknown = `onetake://videos/${keyedApiId('local', 'never started')}`;
  await expect(client.readResource({ uri: unknown })).rejects.toThrow(/not found/i);
});
