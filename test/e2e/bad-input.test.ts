import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from './onetake.ts';

const limitMs = 60_000;

let folder: string;
let server: Server;
let address: string;
let contacts = 0;

/** Stands in for both Temporal and the gateway: a connection means that the input was not checked first. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onetake-bad-input-'));
  await writeFile(join(folder, 'text.png'), 'no image');
  await writeFile(join(folder, 'broken.json'), '{"model":"kling-v1",');
  await writeFile(join(folder, 'there.mp4'), 'mine');
  const large = { model: 'kling-v1', prompt: 'x', image: 'A'.repeat(300_000) };
  await writeFile(join(folder, 'large.json'), JSON.stringify(large));
  server = createServer((socket) => {
    contacts += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  address = typeof bound === 'object' && bound ? `127.0.0.1:${bound.port}` : '';
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function onetake(args: string[], more: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TEMPORAL_ADDRESS: address,
    GATEWAY_BASE_URL: `http://${address}`,
    ...more,
  };
  const ended = await runProgram(args, { cwd: folder, env });
  return { ...ended, lines: ended.stderr.trimEnd().split('\n') };
}

const cat = ['generate', 'A cat', '--model', 'kling-v1', '--size', '1280x720'];

describe('bad input exits with code 2 and one clear line, before any request is sent', () => {
  test.concurrent.each<[string, string[], Record<string, string>, RegExp]>([
    ['no prompt', ['generate', '--model', 'kling-v1'], {}, /no prompt/],
    ['an unknown format', [...cat, '--format', 'openai'], {}, /"openai".*generations or videos/],
    ['a body that is too large', ['generate', '--body', 'large.json'], {}, /more than 262144/],
    ['broken JSON', ['generate', '--body', 'broken.json'], {}, /not JSON/],
    ['a body together with flags', [...cat, '--body', 'broken.json'], {}, /--body.*prompt/],
    ['a tag that is too long', [...cat, '--tag', 'a'.repeat(65)], {}, /--tag/],
    ['a missing image', [...cat, '--image', 'no.png'], {}, /"no.png".*no such file/],
    ['a file that is no image', [...cat, '--image', 'text.png'], {}, /"text.png".*PNG/],
    [
      'a size the gateway refuses',
      ['generate', 'x', '--model', 'sora-2', '--size', '9x9'],
      {},
      /"9x9"/,
    ],
    ['an output that exists', [...cat, '-o', 'there.mp4'], {}, /"there.mp4".*--force/],
    ['an unknown command', ['genrate'], {}, /genrate.*generate/],
    ['an unknown format to adopt from', ['adopt', 'task_1', '--format', 'x'], {}, /"x".*videos/],
    ['adopt without a job id', ['adopt'], {}, /job id/],
    ['no decision', ['resolve', 'a'], {}, /--adopt/],
    ['two decisions', ['resolve', 'a', '--abandon', '--resubmit'], {}, /abandon/],
    ['no key', ['worker'], {}, /GATEWAY_API_KEY is not set/],
    [
      'a wrong base URL',
      ['worker'],
      { GATEWAY_BASE_URL: 'gateway', GATEWAY_API_KEY: 'k' },
      /GATEWAY_BASE_URL/,
    ],
    [
      'a folder that cannot be written',
      ['worker'],
      { STORAGE_URL: '/dev/null/x', GATEWAY_API_KEY: 'k' },
      /"\/dev\/null\/x"/,
    ],
    [
      'a dev server that is not ours',
      ['dev'],
      { TEMPORAL_ADDRESS: 'prod.example:7233' },
      /"prod.example:7233"/,
    ],
  ])(
    '%s',
    async (_, args, env, message) => {
      const { code, stdout, stderr, lines } = await onetake(args, env);
      expect(stderr).toMatch(message);
      expect({ code, stdout, lines: lines.length }).toEqual({ code: 2, stdout: '', lines: 1 });
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(contacts).toBe(0);
    },
    limitMs,
  );
});

describe('without a Temporal server', () => {
  const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1', GATEWAY_API_KEY: 'k' };

  test.concurrent.each([[cat], [['worker']], [['list']]])(
    'onetake %j exits with code 5 and one line',
    async (args) => {
      const { code, lines } = await onetake(args, nowhere);
      expect(lines).toEqual([expect.stringMatching(/"127.0.0.1:1".*onetake dev/)]);
      expect(code).toBe(5);
    },
    limitMs,
  );

  test.concurrent(
    'doctor --json prints one object that names each failed check, and exits with code 1',
    async () => {
      const { code, stdout } = await onetake(['doctor', '--json'], nowhere);
      expect(JSON.parse(stdout)).toMatchObject({
        ok: false,
        checks: expect.arrayContaining([
          expect.objectContaining({ name: 'Temporal server', ok: false }),
          expect.objectContaining({ name: 'storage', ok: true }),
        ]),
      });
      expect(code).toBe(1);
    },
    limitMs,
  );
});

describe('--json', () => {
  test.concurrent(
    'prints an error as one object on stdout, and its line on stderr',
    async () => {
      const { code, stdout, lines } = await onetake(['generate', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({
        outcome: 'error',
        error: { kind: 'invalid_request', message: expect.stringMatching(/prompt/) },
      });
      expect({ code, lines: lines.length }).toEqual({ code: 2, lines: 1 });
    },
    limitMs,
  );

  test.concurrent(
    'prints the scenarios as one object, and nothing on stderr',
    async () => {
      const { code, stdout, stderr } = await onetake(['sandbox', '--list', '--json']);
      const { scenarios } = JSON.parse(stdout) as { scenarios: unknown[] };
      expect(scenarios.length).toBeGreaterThan(10);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
    limitMs,
  );
});

test.concurrent(
  '--debug adds the stack trace',
  async () => {
    const { code, stderr } = await onetake(['generate', '--debug']);
    expect(stderr).toMatch(/^\s+at .*build-request/m);
    expect(code).toBe(2);
  },
  limitMs,
);

test.concurrent(
  'a variable of the environment overrides the .env file of the folder',
  async () => {
    const own = await mkdtemp(join(folder, 'env-'));
    await writeFile(join(own, '.env'), 'GATEWAY_API_KEY=\nGATEWAY_BASE_URL=from-file\n');
    const env = { PATH: process.env['PATH'], HOME: folder, GATEWAY_API_KEY: 'k' };
    const { stderr } = await runProgram(['worker'], { cwd: own, env });
    expect(stderr).toMatch(/GATEWAY_BASE_URL must be/);
  },
  limitMs,
);
