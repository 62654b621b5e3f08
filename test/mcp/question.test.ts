import { expect, test } from 'vitest';
import { cat, mcpHarness } from './mcp-harness.ts';

test('warnings about thousands of fields do not hide what the person decides', async () => {
  const { connect } = await mcpHarness();
  let seen = '';
  const { call } = await connect({
    person: ({ message }) => {
      seen = message;
      return { action: 'decline' };
    },
  });
  const names = Array.from({ length: 2_000 }, (_, index) => `unknown_${index}`);
  const fields = Object.fromEntries(names.map((name) => [name, 1]));
  await call('generate_video', { ...cat, model: 'SD2.5 480P', fields });
  expect(seen).toMatch(/^- and \d+ more$/m);
  expect(seen.split('\n').length).toBeLessThan(40);
});

test('nothing in a question is hidden', async () => {
  const { connect } = await mcpHarness();
  let seen = '';
  const { call } = await connect({
    person: ({ message }) => {
      seen = message;
      return { action: 'decline' };
    },
  });
  await call('generate_video', { ...cat, prompt: 'A cat\u061c\u200b\ufeff\u{e0041} naps' });
  expect(seen).toMatch(/"A cat +naps"/);
});
