import { expect, test } from 'vitest';
import { gatewayChecks } from '../../src/cli/run/doctor-gateway.ts';
import { models } from '../../src/sandbox-gateway/vendors/families.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { startConnectProxy } from '../fakes/connect-proxy.ts';
import { closedPort, startWireServer } from '../fakes/wire-server.ts';
import { bodyOf, wireSample } from '../gateway/wire-samples.ts';
import type { Check } from '../../src/cli/run/doctor-check.ts';

/** The lines of `onetake doctor` about the gateway, by name. */
async function checksOf(env: Record<string, string>) {
  const checks: Record<string, { ok: boolean; found: string }> = {};
  for await (const { name, ok, found } of gatewayChecks(env)) checks[name] = { ok, found };
  return checks;
}

async function checksWithAdvice(env: Record<string, string>) {
  const checks: Record<string, Check> = {};
  for await (const check of gatewayChecks(env)) checks[check.name] = check;
  return checks;
}

async function checksBy(scenario: string, more: Record<string, string> = {}) {
  await using sandbox = await startSandboxGateway({ scenario });
  const env = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey, ...more };
  return await checksOf(env);
}

test.each([
  ['', {}, `${models.size} for this API key; other models are refused before a submit`],
  ['models-list=limited', {}, '1 for this API key; other models are refused before a submit'],
  [
    '',
    { GATEWAY_MODEL_CHECK: 'off' },
    `${models.size} for this API key; not checked before a submit (GATEWAY_MODEL_CHECK=off)`,
  ],
  ['models-list=empty', {}, 'none listed, so they are not checked before a submit'],
])('doctor says how many models the API key may use: %s %j', async (scenario, more, found) => {
  expect(await checksBy(scenario, more)).toMatchObject({
    'gateway key': { ok: true },
    models: { ok: true, found },
  });
});

test.each(['models-list=404', 'models-list=500', 'models-list=html', 'models-list=failed'])(
  'a key is accepted, and its models are not checked, where the gateway gives no list: %s',
  async (scenario) => {
    expect(await checksBy(scenario)).toMatchObject({
      'gateway key': { ok: true },
      models: { ok: true, found: expect.stringMatching(/^no list \(.+\), so/) as string },
    });
  },
);

test('a wrong key is not accepted, and nothing is said of its models', async () => {
  const checks = await checksBy('', { GATEWAY_API_KEY: 'sk-wrong' });
  expect(checks).toMatchObject({ 'gateway key': { ok: false } });
  expect(checks).not.toHaveProperty('models');
});

test('a used-up key is told apart from a wrong one, with what to do', async () => {
  const balance = { total_available: 0, total_used: 1, unlimited_quota: false };
  await using server = await startWireServer(({ path }, response) => {
    const isBalance = path === '/api/usage/token/';
    const refusal = bodyOf(wireSample('error-wrong-key-401'));
    response.writeHead(isBalance ? 200 : 401);
    response.end(isBalance ? JSON.stringify({ code: true, data: balance }) : refusal);
  });
  const lines: Check[] = [];
  const env = { GATEWAY_BASE_URL: server.origin, GATEWAY_API_KEY: 'sk-test' };
  for await (const line of gatewayChecks(env)) lines.push(line);
  expect(lines[0]).toMatchObject({
    name: 'gateway key',
    ok: false,
    toDo: "Top up the account, then re-enable the API key in the gateway's console",
  });
});

test('a gateway that cannot be reached is said to be so', async () => {
  const GATEWAY_BASE_URL = `http://127.0.0.1:${await closedPort()}`;
  const checks = await checksOf({ GATEWAY_BASE_URL, GATEWAY_API_KEY: 'sk-test' });
  const found = expect.stringContaining('ECONNREFUSED') as string;
  expect(checks).toMatchObject({ 'gateway key': { ok: false, found } });
});

test('a key that is accepted behind a proxy names the proxy', async () => {
  await using sandbox = await startSandboxGateway();
  await using proxy = await startConnectProxy({
    'gateway.test': Number(new URL(sandbox.url).port),
  });
  const checks = await checksOf({
    GATEWAY_BASE_URL: 'http://gateway.test',
    GATEWAY_API_KEY: sandbox.apiKey,
    http_proxy: proxy.url,
  });
  const found = `accepted by http://gateway.test, through the proxy ${proxy.url}`;
  expect(checks).toMatchObject({ 'gateway key': { ok: true, found } });
});

test('doctor compares the catalogue with the gateway, and no difference is a fault', async () => {
  await using sandbox = await startSandboxGateway({ generation: 'plugins', groupRatio: 2 });
  const env = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey };
  const GATEWAY_ACCESS_TOKEN = sandbox.accessToken;
  expect(await checksOf({ ...env, GATEWAY_ACCESS_TOKEN })).toMatchObject({
    host: { ok: true, found: 'v1.0.0-rc.37-88api.9, with plugins' },
    catalogue: { ok: true, found: expect.stringContaining('wan2.2-t2v-plus') as string },
    prices: { ok: true, found: expect.stringMatching(/changed since .* 0\.2 → /) as string },
  });
  expect(await checksOf(env)).toMatchObject({
    prices: { ok: true, found: expect.stringMatching(/^not compared .*ACCESS_TOKEN/) as string },
  });
});

test('doctor names a host whose generation its version does not tell', async () => {
  await using sandbox = await startSandboxGateway({});
  const env = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey };
  const found = expect.stringMatching(/^v1\.0\.0-sandbox; .*"plugins"/) as string;
  expect(await checksOf(env)).toMatchObject({ host: { ok: true, found } });
  const classic = await checksOf({ ...env, GATEWAY_GENERATION: 'classic' });
  expect(classic['host']?.found).toContain('"classic"');
});

test('doctor tells plugins by the models that only they can serve, where the settings say otherwise', async () => {
  await using sandbox = await startSandboxGateway({ generation: 'plugins' });
  const env = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey };
  const { host } = await checksWithAdvice({ ...env, GATEWAY_GENERATION: 'classic' });
  expect(host?.found).toMatch(/only plugins serve: .*grok-imagine-video/);
  expect(host?.toDo).toContain('GATEWAY_GENERATION=plugins');
});
