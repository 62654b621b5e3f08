import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startWireServer } from '../fakes/wire-server.ts';

async function listOf(data: object[]): Promise<string[]> {
  await using server = await startWireServer({ body: JSON.stringify({ object: 'list', data }) });
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
  return await gateway.listModels({ timeoutMs: 5_000 });
}

test('the models of a gateway are its ids, exactly as sent', async () => {
  expect(await listOf([{ id: 'SD2.5 720P' }, { id: 'kling-v1' }])).toEqual([
    'SD2.5 720P',
    'kling-v1',
  ]);
});

test('a list of onetake is no list, because onetake accepts models that its catalogue lacks', async () => {
  expect(await listOf([{ id: 'kling-v2-master', onetake: {} }])).toEqual([]);
});
