import { expect, test } from 'vitest';
import { agrees, cat, dataOf, mcpHarness, textOf } from './mcp-harness.ts';

test('an approved token pays once, however often the call is repeated, also where the client could ask', async () => {
  const { connect, temporal, permissions } = await mcpHarness();
  const { call } = await connect({ person: () => expect.fail('the person is not asked') });
  const quote = await call('quote_video', cat);
  const { confirm } = dataOf(quote)['approval'] as { confirm: string };
  permissions.approve(confirm);
  const first = await call('generate_video', { ...cat, confirm });
  const again = await call('generate_video', { ...cat, confirm });
  expect(first.structuredContent).toMatchObject({ outcome: 'started' });
  expect(again.structuredContent).toMatchObject({
    outcome: 'cached',
    id: dataOf(first)['id'],
  });
  expect(temporal.runs.size).toBe(1);
});

test('a token that no person has approved permits nothing, and names its code', async () => {
  const { connect, temporal, permissions } = await mcpHarness();
  const { call } = await connect();
  await call('quote_video', cat);
  const result = await call('generate_video', { ...cat, confirm: 'token-1' });
  expect(result.isError).toBe(true);
  expect(result._meta?.['onetake/error']).toMatchObject({
    code: 'not_approved',
    approve_code: 'CODE-of-token-1',
  });
  expect(temporal.runs.size).toBe(0);
  expect(permissions.offered).toHaveLength(1);
});

test('an approved token of another request permits nothing, also where the client could ask', async () => {
  const { connect, temporal, permissions } = await mcpHarness();
  const { call } = await connect({ person: agrees });
  await call('quote_video', cat);
  permissions.approve('token-1');
  const result = await call('generate_video', { ...cat, seconds: 8, confirm: 'token-1' });
  expect(textOf(result)).toContain('other_request');
  expect(temporal.runs.size).toBe(0);
});

test('with a standing permission the person is not asked', async () => {
  const { connect, temporal, permissions } = await mcpHarness();
  permissions.stand();
  const { call } = await connect({ person: () => expect.fail('the person is not asked') });
  expect((await call('generate_video', cat)).isError).toBeUndefined();
  expect(temporal.runs.size).toBe(1);
});

test('a client of 2025 at the HTTP API cannot be asked, so it needs a token', async () => {
  const { connect, temporal, permissions } = await mcpHarness();
  const { call } = await connect({
    mode: 'legacy',
    person: () => expect.fail('it cannot be asked'),
  });
  const refused = await call('generate_video', cat);
  expect(textOf(refused)).toContain('approval_required');
  permissions.approve('token-1');
  const result = await call('generate_video', { ...cat, confirm: 'token-1' });
  expect(result.structuredContent).toMatchObject({ outcome: 'started' });
  expect(temporal.runs.size).toBe(1);
});
