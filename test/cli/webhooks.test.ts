import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configureWebhooksAdd } from '../../src/cli/webhooks/add.ts';
import { isAnswered } from '../../src/cli/webhooks/delivery-words.ts';
import { configureWebhooksList } from '../../src/cli/webhooks/list.ts';
import { configureWebhooksRemove } from '../../src/cli/webhooks/remove.ts';
import { configureWebhooksRotate } from '../../src/cli/webhooks/rotate.ts';
import { createWebhookEndpoints } from '../../src/storage/records/webhook-endpoints.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { runCommand } from './run-command.ts';

interface Shown {
  id: string;
  secret: string;
}

const url = 'https://hooks.example.com/onetake';

async function webhooks() {
  const { folder, storage } = await tempStorage();
  const env = { STORAGE_URL: folder };
  const records = createWebhookEndpoints({ storage });
  const add = async (...argv: string[]) => {
    const { json } = await runCommand(configureWebhooksAdd, [...argv, '--json'], env);
    return json as Shown;
  };
  return { folder, env, records, add };
}

describe('webhooks add', () => {
  test('stores an endpoint, and shows its secret once and in the first line', async () => {
    const { env, records } = await webhooks();
    const { exit, stdout, stderr } = await runCommand(
      configureWebhooksAdd,
      [url, '--tenant', 'acme', '--events', 'video.completed, video.failed'],
      env,
    );
    const [endpoint] = await records.list({ tenant: 'acme' });
    const [secret = '', ...rest] = stdout.split('\n');
    expect(exit).toBe('ok');
    expect(endpoint).toMatchObject({
      target: { url },
      types: ['video.completed', 'video.failed'],
      secrets: [secret],
    });
    expect(secret).toMatch(/^whsec_/);
    expect(rest.join('\n') + stderr).not.toContain(secret);
    expect(stderr).toContain('not shown again');
  });

  test('takes a secret from a file, and a host for callbacks', async () => {
    const { folder, add, records } = await webhooks();
    const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
    await writeFile(join(folder, 'secret'), `${secret}\n`);
    const made = await add(
      '--callback-host',
      'Hooks.example.com',
      '--secret-file',
      join(folder, 'secret'),
    );
    expect(made).toMatchObject({ secret, callbackHost: 'hooks.example.com', tenant: null });
    expect(await records.get(made.id)).toMatchObject({ secrets: [secret] });
  });

  test.each([
    [['http://hooks.example.com/'], 'must begin with https://'],
    [[], 'either an address'],
    [[url, '--callback-host', 'a.example'], 'either an address'],
    [['--callback-host', 'https://a.example/'], 'must be a host name'],
    [[url, '--tenant', 'Acme'], 'lower-case'],
    [[url, '--events', 'video.done'], 'events are video.completed'],
    [[url, '--secret-file', '/missing/secret'], 'Cannot read --secret-file'],
  ])('refuses %j and stores nothing', async (argv, fault) => {
    const { env, records } = await webhooks();
    const { exit, stderr } = await runCommand(configureWebhooksAdd, argv, env);
    expect(exit).toBe('badInput');
    expect(stderr).toContain(fault);
    expect(await records.list()).toEqual([]);
  });

  test('does not repeat a password of the address', async () => {
    const { env } = await webhooks();
    const argv = ['https://user:pass@hooks.example.com/?token=hidden'];
    const { stderr } = await runCommand(configureWebhooksAdd, argv, env);
    expect(stderr).toContain('must not contain a user name or password');
    expect(stderr).not.toMatch(/pass@|hidden/);
  });

  test.each([
    [[url], 'all: events of all videos'],
    [['--callback-host', 'a.example'], 'none: videos that no tenant owns'],
    [['--callback-host', 'a.example', '--tenant', 'acme'], 'acme'],
  ])('says for %j which videos it is for', async (argv, owner) => {
    const { env } = await webhooks();
    const { stdout } = await runCommand(configureWebhooksAdd, argv, env);
    expect(stdout).toMatch(new RegExp(`tenant +${owner}`));
  });

  test('takes plain http for a trusted origin', async () => {
    const { env } = await webhooks();
    const trusted = { ...env, WEBHOOKS_TRUSTED_ORIGINS: 'http://127.0.0.1:9000' };
    const { exit } = await runCommand(configureWebhooksAdd, ['http://127.0.0.1:9000/a'], trusted);
    expect(exit).toBe('ok');
  });
});

describe('webhooks list', () => {
  test('shows endpoints without secrets, of one tenant or all', async () => {
    const { env, add } = await webhooks();
    const ours = await add(url, '--tenant', 'acme');
    const all = await add('--callback-host', 'b.example');
    const { stdout } = await runCommand(configureWebhooksList, [], env);
    const { json } = await runCommand(configureWebhooksList, ['--tenant', 'acme', '--json'], env);
    expect(stdout).toContain('callbacks to b.example');
    expect(stdout).toContain(all.id);
    expect(stdout).not.toContain('whsec_');
    expect(json).toEqual({
      endpoints: [expect.objectContaining({ id: ours.id, url, tenant: 'acme', events: 'all' })],
    });
    expect(JSON.stringify(json)).not.toContain('whsec_');
  });

  test('says how to add the first one', async () => {
    const { env } = await webhooks();
    const { stdout } = await runCommand(configureWebhooksList, [], env);
    expect(stdout).toContain('onetake webhooks add');
  });
});

describe('webhooks rotate', () => {
  test('shows a new secret, keeps the former one, and drops that with --finish', async () => {
    const { env, add, records } = await webhooks();
    const { id, secret } = await add(url);
    const { json } = await runCommand(configureWebhooksRotate, [id, '--json'], env);
    const { secret: newest } = json as Shown;
    expect((await records.get(id))?.secrets).toEqual([newest, secret]);
    const finished = await runCommand(configureWebhooksRotate, [id, '--finish'], env);
    expect(finished.stdout).not.toContain('whsec_');
    expect((await records.get(id))?.secrets).toEqual([newest]);
  });
});

test.each([
  ['before an attempt', {}, false],
  ['if nothing was sent, because others are running', { failureKind: 'busy' }, false],
  ['after a failed attempt', { failureKind: 'answered' }, true],
  ['after the end', { endedAt: '2026-11-30T02:00:00.000Z', failureKind: 'busy' }, true],
] as const)('webhooks test has an answer %s: %j %s', (_name, delivery, expected) => {
  expect(isAnswered(delivery)).toBe(expected);
});

test('webhooks remove deletes the endpoint', async () => {
  const { env, add, records } = await webhooks();
  const { id } = await add(url);
  const { exit } = await runCommand(configureWebhooksRemove, [id], env);
  expect(exit).toBe('ok');
  expect(await records.list()).toEqual([]);
});

test.each([
  ['rotate', configureWebhooksRotate],
  ['remove', configureWebhooksRemove],
])('webhooks %s says where ids are, for an unknown one', async (_name, configure) => {
  const { env } = await webhooks();
  const { exit, stderr } = await runCommand(configure, ['we_000000000000000000000000'], env);
  expect(exit).toBe('badInput');
  expect(stderr).toContain('onetake webhooks list');
});
