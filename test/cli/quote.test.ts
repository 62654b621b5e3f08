import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QuoteTotals, RowQuote } from '../../src/cli/batch/quote-manifest.ts';
import type { RequestQuote } from '../../src/contract/quote-request.ts';
import { configureQuote } from '../../src/cli/models/quote.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { cases, conditional, ofOnePlugin, outcomeAt } from '../contract/models/cases.ts';
import { runCommand } from './run-command.ts';

const program = fileURLToPath(new URL('../../bin/onetake.js', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quote-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function inFile(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function quoted(argv: string[], env?: Record<string, string>) {
  const { exit, json, stderr } = await runCommand(configureQuote, [...argv, '--json'], env);
  return { exit, stderr, quote: json as Omit<RequestQuote, 'model'> };
}

describe('onetake quote --json says of the collected requests what is known of them', () => {
  test.each(cases)(
    '$id: $expect.field is $expect.outcome',
    async ({ id, format, body, expect: { field, outcome } }) => {
      const path = await inFile(`${id}.json`, { format, body });
      const { exit, quote } = await quoted(['--body', path]);
      const listed = conditional[id]?.effect ?? (ofOnePlugin.includes(id) ? 'depends' : undefined);
      const found = outcomeAt(field, quote);
      expect(found).toBe(listed ?? outcome);
      expect(exit).toBe(quote.refusals.length > 0 ? 'failed' : 'ok');
      expect(Object.keys(quote)).toEqual(['makes', 'refusals', 'warnings', 'cost']);
    },
  );
});

const kite = ['A red kite', '--model', 'SD2.5 720P', '--duration', '5', '--size', '16:9'];

describe('onetake quote', () => {
  test('with --plugin says what this one of several plugins makes of the request', async () => {
    const body = { model: 'minimax-h3-768p', prompt: 'A cat', duration: 5, generate_audio: false };
    const path = await inFile('one-plugin.json', body);
    const of = async (plugin: string) => (await quoted(['--body', path, '--plugin', plugin])).quote;
    expect((await of('xm-video')).refusals).toMatchObject([{ field: 'generate_audio' }]);
    expect((await of('minimax-h3')).refusals).toEqual([]);
  });

  test('refuses a plugin that cannot serve the model, and names those that can', async () => {
    const flags = ['A cat', '--model', 'SD2.5 720P', '--plugin', 'grok-video'];
    const { exit, stderr } = await runCommand(configureQuote, flags);
    expect(exit).toBe('badInput');
    expect(stderr).toBe('No plugin "grok-video" can serve "SD2.5 720P"; these can: xm-video');
  });

  test('does not say as a change what the user has named: two pictures as references', async () => {
    const pictures = ['https://a.test/a.png', 'https://a.test/b.png'];
    const flags = ['A cat', '--model', 'gemini-omni-flash', '--duration', '5'];
    const given = (flag: string) => pictures.flatMap((picture) => [flag, picture]);
    const named = (await quoted([...flags, ...given('--reference')])).quote;
    const unnamed = (await quoted([...flags, ...given('--image')])).quote;
    const changes = ({ warnings }: typeof named) =>
      warnings.filter(({ effect }) => effect === 'changed').map(({ message }) => message);
    expect(named.makes.media.map(({ role }) => role)).toEqual(['reference', 'reference']);
    expect(changes(named)).toEqual([]);
    expect(changes(unnamed)).toEqual(['These 2 are references']);
  });

  test('says in one line what is made and what it costs, with the date of the price', async () => {
    const { exit, stdout } = await runCommand(configureQuote, kite);
    expect(exit).toBe('ok');
    expect(stdout.split('\n')[0]).toBe('SD2.5 720P: 5 s, 720p, 16:9, sound on: 4.75');
    expect(stdout).toContain('by the price list of 2026-09-17');
  });

  test('gives seconds, money and their source; without a known price, null', async () => {
    expect((await quoted(kite)).quote.cost).toEqual({
      money: 4.75,
      seconds: 5,
      prices: { from: 'catalogue', date: '2026-09-17' },
    });
    const unlisted = kite.with(2, 'a-model-of-tomorrow');
    expect((await quoted(unlisted)).quote.cost).toEqual({ money: null, seconds: 5, prices: null });
    const { stdout } = await runCommand(configureQuote, unlisted);
    expect(stdout).toContain('price not known');
    expect(stdout).toContain('not in the catalogue');
  });

  test('takes GATEWAY_PRICES before the catalogue', async () => {
    const env = { GATEWAY_PRICES: '{"SD2.5 720P":{"perVideo":1,"perSecond":2}}' };
    const { cost } = (await quoted(kite, env)).quote;
    expect(cost).toMatchObject({ money: 11, prices: { from: 'GATEWAY_PRICES', date: null } });
  });

  test('ends with failed and costs nothing where the request is refused', async () => {
    const { exit, quote } = await quoted(kite.with(4, '31'));
    expect(exit).toBe('failed');
    expect(quote.refusals).toEqual([{ field: 'duration', message: expect.any(String) as string }]);
    expect(quote.cost).toEqual({ money: null, seconds: null, prices: null });
  });

  test('knows the rules of gateways from before the plugins', async () => {
    const body = { model: 'kling-v1', prompt: 'a kite', metadata: { seed: 5 } };
    const path = await inFile('classic.json', body);
    const at = async (...more: string[]) =>
      outcomeAt('metadata.seed', (await quoted(['--body', path, ...more])).quote);
    expect(await at('--host', 'classic')).toBe('dropped');
    expect(await at('--host', 'plugins')).toBe('fine');
  });

  test('reads a local picture and stores nothing', async () => {
    const png = join(folder, 'kite.png');
    await writeFile(png, Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    const storage = join(folder, 'storage');
    const { quote } = await quoted(
      ['A kite', '--model', 'veo-3.1', '--duration', '8', '--image', png],
      { STORAGE_URL: storage },
    );
    expect(quote.makes.media).toEqual([{ field: 'image', role: 'first_frame' }]);
    expect(await readdir(folder)).not.toContain('storage');
  });

  test('asks the gateway for its prices with --live, and says where it shows none', async () => {
    await using sandbox = await startSandboxGateway({ generation: 'plugins', groupRatio: 2 });
    const key = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey };
    const argv = ['A kite', '--model', 'veo-3.1', '--duration', '8', '--live'];
    const shown = await quoted(argv, { ...key, GATEWAY_ACCESS_TOKEN: sandbox.accessToken });
    const today = new Date().toISOString().slice(0, 10);
    const prices = { from: 'gateway', date: today };
    expect(shown.quote.cost).toEqual({ money: 4, seconds: 8, prices });
    const hidden = await quoted(argv, key);
    expect(hidden.quote.cost).toMatchObject({ money: 2, prices: { from: 'catalogue' } });
    expect(hidden.stderr).toContain('GATEWAY_ACCESS_TOKEN');
  });

  test.each([
    ['no model', ['A kite']],
    ['an unknown host', [...kite, '--host', 'old']],
    ['a body that is not JSON', ['--body', program]],
    ['a flag beside a body', ['--body', program, '--duration', '5']],
    ['a manifest that is not there', ['nowhere.csv']],
    ['a flag beside a manifest', ['nowhere.csv', '--duration', '5']],
  ])('ends with badInput for %s', async (_, argv) => {
    expect(await quoted(argv).catch((error: unknown) => error)).toMatchObject({ exit: 'badInput' });
  });
});

describe('onetake quote of a manifest', () => {
  const manifest = [
    'key,model,prompt,duration,size',
    'a-{{date}},SD2.5 720P,a kite,5,16:9',
    'b,SD2.5 720P,a boat,5,16:9',
    'c,SD2.0 720P,a cow,99,16:9',
    'd,SD2.0 720P,a cow,4,',
    'e,a-model-of-tomorrow,a cow,9,',
  ].join('\n');

  test('gives each row with its key and line, and totals of what is not refused', async () => {
    const path = await inFile('rows.csv', manifest);
    const { exit, json } = await runCommand(configureQuote, [path, '--json']);
    const { rows, totals } = json as { rows: RowQuote[]; totals: QuoteTotals };
    expect(exit).toBe('failed');
    const day = new Date().toISOString().slice(0, 10);
    expect(rows.map(({ key, line }) => `${line} ${key}`)).toEqual([
      `2 a-${day}`,
      '3 b',
      '4 c',
      '5 d',
      '6 e',
    ]);
    expect(rows.map(({ cost }) => cost.money)).toEqual([4.75, 4.75, null, 3.4, null]);
    expect(rows.map(({ refusals }) => refusals.length)).toEqual([0, 0, 1, 0, 0]);
    expect(rows[3]?.warnings).toMatchObject([{ field: 'size', effect: 'changed' }]);
    expect(totals).toEqual({
      rows: 5,
      refused: 1,
      seconds: 23,
      rowsWithoutLength: 0,
      money: 12.9,
      rowsWithoutPrice: 1,
    });
  });

  test('shows rows that make the same as one line', async () => {
    const path = await inFile('rows.csv', manifest);
    const { stdout } = await runCommand(configureQuote, [path]);
    expect(stdout).toContain('2 × SD2.5 720P: 5 s, 720p, 16:9, sound on: 4.75 each');
    expect(stdout).toMatch(/refused +line 4, "duration"/);
    expect(stdout).toContain('1 video without a known price');
  });

  test('ends with badInput and all lines that cannot be read', async () => {
    const path = await inFile('broken.csv', 'model,prompt,duration\nSD2.5 720P,a kite,five\n');
    const { exit, stderr } = await runCommand(configureQuote, [path]);
    expect(exit).toBe('badInput');
    expect(stderr).toContain(`${path}:2`);
  });
});

describe('the program', () => {
  const runProgram = async (argv: string[]) =>
    promisify(execFile)(process.execPath, [program, ...argv], { cwd: folder, env: {} }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );

  test.each([
    [0, kite],
    [1, kite.with(4, '31')],
    [2, kite.slice(0, 1)],
  ])(
    'ends with %d, without a server or a key',
    async (code, argv) => {
      const ended = await runProgram(['quote', ...argv, '--json']);
      expect(ended.code).toBe(code);
      expect(() => JSON.parse(ended.stdout) as unknown).not.toThrow();
    },
    30_000,
  );
});
