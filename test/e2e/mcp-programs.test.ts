import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { runCommand } from '../../src/dev/run-command.ts';
import { findMcpTools, mcpToolsLimitMs, type McpTools } from '../support/mcp-tools.ts';
import { need } from '../support/need.ts';
import { onetakeMcp } from './mcp-clients.ts';
import { createServeHarness, paidFor, type ServeHarness } from './serve-harness.ts';

/** Those that need no tools of a test server. */
const scenarios = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'dns-rebinding-protection',
];

const limitMs = 60_000;

let harness: ServeHarness;
let home: string;
let tools: Promise<McpTools>;
beforeAll(async () => {
  tools = findMcpTools();
  // Each test reports it.
  await tools.catch(() => {});
  harness = await createServeHarness();
  home = await mkdtemp(join(tmpdir(), 'onetake-mcp-home-'));
}, mcpToolsLimitMs);
afterAll(async () => {
  await harness?.[Symbol.asyncDispose]();
  if (home) await rm(home, { recursive: true, force: true });
});

async function runTool(
  context: TestContext,
  name: 'conformance' | 'inspector',
  args: readonly string[],
) {
  const found = await need(context, tools);
  // The inspector keeps files in the home folder.
  const env = { PATH: process.env['PATH'], HOME: home };
  const given = { file: found.node, args: [found[name], ...args], env, timeoutMs: limitMs };
  return runCommand({ ...given, cwd: home });
}

/** A method by the command line of the inspector. */
async function inspect(context: TestContext, target: readonly string[], args: readonly string[]) {
  const { exitCode, output } = await runTool(context, 'inspector', [
    '--cli',
    ...target,
    ...args,
    '--format',
    'json',
  ]);
  return { exitCode, output };
}

describe('the conformance suite', () => {
  test.for(scenarios)('passes: %s', async (scenario, context) => {
    const url = `${harness.server.url}/mcp`;
    const args = ['server', '--url', url, '--scenario', scenario];
    const { exitCode, output } = await runTool(context, 'conformance', args);
    expect(output).toMatch(/Passed: (\d+)\/\1, 0 failed/);
    expect(exitCode).toBe(0);
  });
});

describe('the inspector', () => {
  test('finds no error in the schemas of the tools', async (context) => {
    const url = `${harness.server.url}/mcp`;
    const listed = await inspect(context, [url], ['--method', 'tools/list', '--strict']);
    expect(listed.output).toContain('generate_video');
    // Exit code 6 if a schema has an error.
    expect(listed.exitCode).toBe(0);
  });

  test('cannot spend at the HTTP API', async (context) => {
    const url = `${harness.server.url}/mcp`;
    const given = ['--tool-name', 'generate_video', '--tool-arg', 'model=sora-2', 'prompt=A wolf'];
    const refused = await inspect(context, [url], ['--method', 'tools/call', ...given]);
    expect(refused.output).toContain('approval_required');
    expect(refused.exitCode).not.toBe(0);
    expect(paidFor(harness, 'A wolf')).toEqual({ posts: 0, jobs: 0 });
  });

  test('reads what a model accepts by `onetake mcp`', async (context) => {
    const { command, args, env } = onetakeMcp(harness);
    // The inspector takes no empty values.
    const given = Object.entries(env).filter(([, value]) => value !== '');
    const settings = given.flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const target = [command, ...args, ...settings];
    const asked = ['--tool-name', 'list_models', '--tool-arg', 'model=kling-v1'];
    const listed = await inspect(context, target, ['--method', 'tools/call', ...asked]);
    expect(listed.output).toContain('"id":"kling-v1"');
    expect(listed.exitCode).toBe(0);
  });
});
