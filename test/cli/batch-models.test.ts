import { expect, test } from 'vitest';
import { unknownModels } from '../../src/cli/batch/models.ts';
import { models } from '../../src/sandbox-gateway/vendors/families.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { closedPort } from '../fakes/wire-server.ts';

const rows = ['kling-v1', 'klign-v1', 'kling-v1', 'klign-v1'].map((model, nth) => ({
  key: `row-${nth}`,
  line: nth + 2,
  tags: [],
  request: { format: 'videos' as const, body: { model, prompt: 'a cat' } },
}));

async function warningsBy(scenario: string, more: Record<string, string> = {}) {
  await using sandbox = await startSandboxGateway({ scenario });
  const env = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey, ...more };
  return { warnings: await unknownModels(rows, env), posts: sandbox.ledger.posts };
}

test('models of a batch that the gateway does not list are named with their lines before it starts', async () => {
  const message = `rows that are not paid yet will be refused: Model "klign-v1" is not among the ${models.size} models that this API key may use; did you mean "kling-v1"?`;
  expect(await warningsBy('')).toEqual({
    warnings: [{ field: 'model', message, lines: [3, 5] }],
    posts: [],
  });
});

test.each<[string, Record<string, string>]>([
  ['models-list=500', {}],
  ['models-list=empty', {}],
  ['', { GATEWAY_API_KEY: '' }],
  ['', { GATEWAY_MODEL_CHECK: 'off' }],
  ['', { GATEWAY_BASE_URL: 'no address' }],
])('nothing is said of them where nothing is known or wanted: %s %j', async (scenario, more) => {
  expect((await warningsBy(scenario, more)).warnings).toEqual([]);
});

test('nothing is said of them where nobody listens', async () => {
  const GATEWAY_BASE_URL = `http://127.0.0.1:${await closedPort()}`;
  expect(await unknownModels(rows, { GATEWAY_BASE_URL, GATEWAY_API_KEY: 'sk-test' })).toEqual([]);
});
