import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHarness, type Harness } from './harness.ts';
import { agrees, connectStdio, dataOf, errorOf, onetakeMcp, untilEnded } from './mcp-clients.ts';
import { onetake } from './onetake.ts';
import { paidFor, paidOnce } from './serve-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness({ speed: 100 });
  await harness.startWorker();
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const nothing = { posts: 0, jobs: 0 };

function requestOf(prompt: string) {
  return { model: 'sora-2', prompt, seconds: 4, size: '1280x720' };
}

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  },
};

/** `onetake mcp` without a client, once it has answered a first message. */
async function rawServer() {
  const { command, args, cwd, env } = onetakeMcp(harness);
  const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout = text(child.stdout);
  const first = once(child.stdout, 'data');
  child.stdin.write(`${JSON.stringify(hello)}\n`);
  await first;
  return { child, stdout, ended: once(child, 'exit') };
}

describe.concurrent('onetake mcp', () => {
  test('makes a video that a person agreed to; the link is the file in the storage', async () => {
    await using agent = await connectStdio(harness, { person: agrees });
    const made = dataOf(await agent.call('generate_video', requestOf('A cat')));
    const ended = await untilEnded(agent, made['id']);
    expect(ended).toMatchObject({
      status: 'completed',
      link: { uri: expect.stringMatching(/^file:/) },
    });
    expect(paidFor(harness, 'A cat')).toEqual(paidOnce);
  });

  test('asks the person of a client of 2025', async () => {
    const client = new OldClient(
      { name: 'old', version: '1' },
      { capabilities: { elicitation: {} } },
    );
    const questions: string[] = [];
    let pay = false;
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return { action: 'accept', content: { pay } };
    });
    await client.connect(new OldTransport(onetakeMcp(harness)) as never);
    const call = () => client.callTool({ name: 'generate_video', arguments: requestOf('A dog') });
    expect((await call()).isError).toBe(true);
    expect(paidFor(harness, 'A dog')).toEqual(nothing);
    pay = true;
    const { structuredContent } = await call();
    expect(structuredContent).toMatchObject({ outcome: 'started', billed: 'yes' });
    expect(questions).toHaveLength(2);
    expect(paidFor(harness, 'A dog')).toMatchObject({ posts: 1 });
    await client.close();
  });

  test('an agent whose client cannot ask is refused, and sends no POST', async () => {
    await using agent = await connectStdio(harness);
    const refused = await agent.call('generate_video', requestOf('A wolf'));
    expect(errorOf(refused)).toMatchObject({ code: 'approval_required' });
    expect(paidFor(harness, 'A wolf')).toEqual(nothing);
  });

  test('has the videos of its tenant only', async () => {
    await using agent = await connectStdio(harness, { person: agrees });
    await using other = await connectStdio(harness, { env: { MCP_TENANT: 'globex' } });
    const { id } = dataOf(await agent.call('generate_video', requestOf('A hare')));
    expect(errorOf(await other.call('video_status', { id }))['code']).toBe('not_found');
  });

  test('ends when its host closes stdin, and writes nothing but the protocol', async () => {
    const { child, stdout, ended } = await rawServer();
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    const lines = (await stdout).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { jsonrpc: '2.0', id: 1, result: { serverInfo: { name: 'onetake' } } },
    ]);
  });

  test('ends on SIGTERM while stdin is open', async () => {
    const { child, ended } = await rawServer();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('refuses a tenant that cannot be one', async () => {
    const { code, stdout, stderr } = await onetake(harness, ['mcp'], { MCP_TENANT: 'No Tenant' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('MCP_TENANT');
  });
});
