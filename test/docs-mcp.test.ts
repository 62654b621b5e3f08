import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { mcpConfig, mcpToolsConfig } from '../src/config/mcp-config.ts';
import { videoFields } from '../src/mcp/request/video-fields.ts';
import { mcpHarness } from './mcp/mcp-harness.ts';

const page = await readFile(new URL('../docs/mcp.md', import.meta.url), 'utf8');

test('docs/mcp.md has a row for every tool, and names every field of a video', async () => {
  const { connect } = await mcpHarness({ withResolve: true });
  const { tools } = await (await connect()).client.listTools();
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+_\w+)`/g)]);
  const names = named.map(([, name = '']) => name).filter((name) => !name.startsWith('MCP_'));
  expect(names.toSorted()).toEqual(tools.map(({ name }) => name).toSorted());
  const missing = Object.keys(videoFields).filter((name) => !page.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test('docs/mcp.md has settings for hosts that are JSON, and the defaults of our settings', () => {
  const blocks = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThanOrEqual(3);
  for (const block of blocks) expect(() => JSON.parse(block)).not.toThrow();
  expect(mcpToolsConfig({})).toEqual({ tenant: 'local', withResolve: false });
  expect(mcpConfig({})).toEqual({ standing: null });
  expect(page).toContain('| `MCP_TENANT` | `local` |');
  expect(page).toContain('| `MCP_RESOLVE` | `off` |');
});
