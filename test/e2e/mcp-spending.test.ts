import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';
import { findScript, inTerminal } from '../support/pseudo-terminal.ts';
import {
  connectHttp,
  connectStdio,
  dataOf,
  errorOf,
  untilEnded,
  type Agent,
} from './mcp-clients.ts';
import { onetake, program } from './onetake.ts';
import { createServeHarness, paidFor, paidOnce, type ServeHarness } from './serve-harness.ts';

let harness: ServeHarness;
beforeAll(async () => {
  harness = await createServeHarness({ env: prices });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const nothing = { posts: 0, jobs: 0 };
const prices = { GATEWAY_PRICES: JSON.stringify({ 'sora-2': { perVideo: 0.4 } }) };

function requestOf(prompt: string) {
  return { model: 'sora-2', prompt, seconds: 4, size: '1280x720' };
}

async function quote(agent: Agent, prompt: string) {
  const { approval } = dataOf(await agent.call('quote_video', requestOf(prompt)));
  return approval as { confirm: string; code: string; approve_url?: string };
}

/** `onetake mcp approve`, with what a person types. */
function approveInTerminal(script: string, code: string, type: string) {
  return inTerminal(script, {
    args: [program, 'mcp', 'approve', code],
    cwd: harness.folder,
    env: harness.env,
    answer: { when: '[y/N]', type },
  });
}

describe.concurrent('an agent spends with the word of a person', () => {
  test('who presses the button of the page in a browser without JavaScript', async (context) => {
    await using browser = await need(context, startBrowser());
    const prompt = 'A lynx <b>in snow</b>';
    await using agent = await connectHttp(harness.server.url);
    const { confirm, approve_url: url = '' } = await quote(agent, prompt);
    const given = { ...requestOf(prompt), confirm };
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(url);
    expect(await page.locator('blockquote').innerText()).toBe(prompt);
    expect(errorOf(await agent.call('generate_video', given))['code']).toBe('not_approved');
    expect(paidFor(harness, prompt)).toEqual(nothing);
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    const { id } = dataOf(await agent.call('generate_video', given));
    await page.reload();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Approved and used');
    await untilEnded(agent, id);
    expect(browser.complaints).toEqual([]);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('who types y in a terminal; a second call is the same video', async (context) => {
    const script = await need(context, findScript());
    const prompt = 'A seal';
    await using agent = await connectStdio(harness);
    const { confirm, code } = await quote(agent, prompt);
    const given = { ...requestOf(prompt), confirm };
    const refused = await agent.call('generate_video', given);
    expect(errorOf(refused)).toMatchObject({ code: 'not_approved', approve_code: code });
    const no = await approveInTerminal(script, code, 'n\n');
    expect(no).toMatchObject({ code: 4, shown: expect.stringContaining('Not approved') });
    expect(errorOf(await agent.call('generate_video', given))['code']).toBe('not_approved');
    expect(paidFor(harness, prompt)).toEqual(nothing);
    const yes = await approveInTerminal(script, code, 'y\n');
    expect(yes).toMatchObject({ code: 0, shown: expect.stringContaining(prompt) });
    const { id } = dataOf(await agent.call('generate_video', given));
    await untilEnded(agent, id);
    const again = dataOf(await agent.call('generate_video', given));
    expect(again).toMatchObject({ id, outcome: 'cached' });
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('on the page of a server that the settings of onetake mcp name', async (context) => {
    await using browser = await need(context, startBrowser());
    const prompt = 'A heron';
    const env = { SERVE_PUBLIC_URL: harness.server.url };
    await using agent = await connectStdio(harness, { env });
    const { confirm, approve_url: url = '' } = await quote(agent, prompt);
    const page = await browser.newPage({ locale: 'zh-CN' });
    await page.goto(url);
    await page.getByRole('button', { name: '批准并付费' }).click();
    await page.getByRole('heading', { name: '已批准' }).waitFor();
    const made = await agent.call('generate_video', { ...requestOf(prompt), confirm });
    await untilEnded(agent, dataOf(made)['id']);
    expect(browser.complaints).toEqual([]);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });

  test('and not with its own: the command needs a terminal', async () => {
    const prompt = 'A wolf';
    await using agent = await connectStdio(harness);
    const { confirm, code } = await quote(agent, prompt);
    for (const more of [[], ['--json'], ['--yes']]) {
      const { code: exit } = await onetake(harness, ['mcp', 'approve', code, ...more]);
      expect(exit).toBe(2);
    }
    const given = { ...requestOf(prompt), confirm };
    expect(errorOf(await agent.call('generate_video', given))['code']).toBe('not_approved');
    expect(paidFor(harness, prompt)).toEqual(nothing);
  });

  test('for one video, if an approved token is used with two keys at two servers at once', async (context) => {
    const script = await need(context, findScript());
    const prompt = 'An otter';
    await using one = await connectHttp(harness.server.url);
    await using two = await connectStdio(harness);
    const { confirm, code } = await quote(one, prompt);
    await approveInTerminal(script, code, 'y\n');
    const results = await Promise.all(
      [one, two].map((agent, index) =>
        agent.call('generate_video', { ...requestOf(prompt), confirm, key: `otter-${index}` }),
      ),
    );
    const [made, ...others] = results.filter(({ isError }) => !isError);
    expect(others).toEqual([]);
    await untilEnded(one, dataOf(made ?? fail())['id']);
    expect(paidFor(harness, prompt)).toEqual(paidOnce);
  });
});

test('under a standing permission of two videos, racing agents of three processes get two', async () => {
  const standing = { ...prices, MCP_SPEND_WITHOUT_ASKING: '2 videos' };
  const prompts = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => `Gull ${name}`);
  const [first, second] = [
    await harness.startServer(standing),
    await harness.startServer(standing),
  ];
  await using one = await connectHttp(first.url);
  await using two = await connectHttp(second.url);
  await using three = await connectStdio(harness, { env: standing });
  const agents = [one, two, three];
  const call = (prompt: string, index: number) =>
    (agents[index % agents.length] ?? one).call('generate_video', requestOf(prompt));
  const results = await Promise.all(prompts.map(call));
  const made = results.filter(({ isError }) => !isError);
  const refused = results.filter(({ isError }) => isError).map((result) => errorOf(result)['code']);
  expect(made).toHaveLength(2);
  expect(refused).toEqual(['over_cap', 'over_cap', 'over_cap', 'over_cap']);
  // What was started is found again by any process, without another reservation.
  const again = await Promise.all(prompts.map((prompt, index) => call(prompt, index + 1)));
  expect(again.map(({ isError }) => isError)).toEqual(results.map(({ isError }) => isError));
  for (const result of made) await untilEnded(one, dataOf(result)['id']);
  const paid = prompts.map((prompt) => paidFor(harness, prompt));
  expect(paid.filter(({ posts }) => posts > 0)).toEqual([paidOnce, paidOnce]);
});

test('a standing permission does not cover a video without a known price', async () => {
  const prompt = 'An owl';
  await using agent = await connectStdio(harness, { env: { MCP_SPEND_WITHOUT_ASKING: '1000' } });
  const refused = await agent.call('generate_video', { ...requestOf(prompt), model: 'not-listed' });
  expect(errorOf(refused)['code']).toBe('unknown_price');
  expect(paidFor(harness, prompt)).toEqual(nothing);
});

function fail(): never {
  throw new Error('Neither call made a video');
}
