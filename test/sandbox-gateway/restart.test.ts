import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { create, createJob, json, pollBody, rawGet } from './sandbox-client.ts';

async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-gateway-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return join(folder, 'ledger.json');
}

test('a restarted gateway goes on with the same jobs, ledger and addresses', async () => {
  const ledgerFile = await temporaryFile();
  let at = 1_800_000_000_000;
  const options = { ledgerFile, now: () => at };
  const first = await startSandboxGateway(options);
  const mediaPort = Number(new URL(first.mediaUrl).port);
  const id = await createJob(first);
  at += 120_000;
  const { url } = await pollBody(first, id);
  await first.stop();

  await using second = await startSandboxGateway({ ...options, mediaPort });

  expect(second.ledger.paidJobs).toEqual(first.ledger.paidJobs);
  expect(await pollBody(second, id)).toMatchObject({ status: 'completed', url });
  expect((await rawGet(String(url))).status).toBe(200);
});

test('counts of a chain survive a restart', async () => {
  const ledgerFile = await temporaryFile();
  const options = { ledgerFile, scenario: 'submit-429-empty=2' };
  const first = await startSandboxGateway(options);
  await create(first);
  await first.stop();

  await using second = await startSandboxGateway(options);
  const statuses = [(await create(second)).status, (await create(second)).status];

  expect(statuses).toEqual([429, 200]);
});

test('a killed process has written every paid job before its answer', async () => {
  const ledger = await temporaryFile();
  const child = startProcess(['--port', '0', '--speed', '20', '--ledger', ledger]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = await firstLine(child);
  const { url, apiKey } = JSON.parse(printed) as { url: string; apiKey: string };
  const reply = await fetch(`${url}/v1/videos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: '{"model":"SD2.5 720P","prompt":"a cat"}',
  });
  const { id } = await json(reply);

  await killed(child, 'SIGKILL');

  const state = JSON.parse(await readFile(ledger, 'utf8')) as { jobs: { id: string }[] };
  expect(state.jobs.map((job) => job.id)).toEqual([id]);
}, 20_000);

test('the process prints one line and stops on SIGTERM, hanging requests or not', async () => {
  const child = startProcess(['--scenario', 'submit-hang']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = JSON.parse(await firstLine(child)) as Record<string, string>;
  const pending = fetch(`${printed['url']}/v1/videos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${printed['apiKey']}`, 'content-type': 'application/json' },
    body: '{"model":"SD2.5 720P","prompt":"a cat"}',
  }).catch(() => 'broken');
  await expect
    .poll(async () => (await json(await fetch(`${printed['url']}/sandbox/ledger`)))['paidJobs'])
    .toHaveLength(1);

  const code = await killed(child, 'SIGTERM');

  expect([Object.keys(printed), code, await pending]).toEqual([
    ['url', 'mediaUrl', 'apiKey', 'accessToken'],
    0,
    'broken',
  ]);
}, 20_000);

type Child = ChildProcessByStdio<null, Readable, null>;

function startProcess(args: string[]): Child {
  const loader = createRequire(import.meta.url).resolve('tsx');
  const main = fileURLToPath(new URL('../../src/sandbox-gateway/main.ts', import.meta.url));
  return spawn(process.execPath, ['--import', loader, main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine(child: Child): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('Cannot read the first line: the process ended');
}

async function killed(child: Child, signal: NodeJS.Signals): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  child.kill(signal);
  return exited;
}
