import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { configureKeysCreate } from '../../src/cli/keys/create.ts';
import { configureKeysList } from '../../src/cli/keys/list.ts';
import { configureKeysRevoke } from '../../src/cli/keys/revoke.ts';
import { ConfigError } from '../../src/config/settings.ts';
import { openKeys } from '../../src/serve/tenants/open-keys.ts';
import { keysPath } from '../serve/tenants/keys-harness.ts';
import { runCommand } from './run-command.ts';

interface Created {
  key: string;
  id: string;
  tenant: string;
  createdAt: string;
  file: string;
  note?: string;
}

const onError = (error: Error) => {
  throw error;
};

/** A file with one key. */
async function withKey(note = 'shop') {
  const file = await keysPath();
  const argv = ['acme', '--note', note, '--file', file, '--json'];
  const { json } = await runCommand(configureKeysCreate, argv);
  return { file, created: json as Created };
}

describe('keys create', () => {
  test('shows a key that a server with the file accepts, and its id', async () => {
    const { file, created } = await withKey();
    const keys = await openKeys(file, { onError });
    expect(await keys.find(created.key)).toEqual({ name: 'acme', keyId: created.id });
    expect(created).toMatchObject({ outcome: 'created', tenant: 'acme', note: 'shop', file });
  });

  test('shows the key once and in the first line, and warns beside stdout', async () => {
    const file = await keysPath();
    const { exit, stdout, stderr } = await runCommand(configureKeysCreate, [
      'acme',
      '--file',
      file,
    ]);
    const [key = '', ...rest] = stdout.split('\n');
    expect(exit).toBe('ok');
    expect(key).toMatch(/^ot_acme_[\w-]{43}$/);
    expect(rest.join('\n')).not.toContain(key);
    expect(rest.join('\n')).toContain(`SERVE_KEYS_FILE=${file}`);
    expect(stderr).toContain('not shown again');
    expect(stderr).not.toContain(key);
  });

  test('warns with --json too', async () => {
    const file = await keysPath();
    const { stderr } = await runCommand(configureKeysCreate, ['acme', '--file', file, '--json']);
    expect(stderr).toContain('not shown again');
  });

  test.each(['Acme', '-acme', 'acme_shop', 'a'.repeat(41), ''])(
    'refuses the tenant "%s" and makes no file',
    async (tenant) => {
      const file = await keysPath();
      const { exit, stderr } = await runCommand(configureKeysCreate, [
        '--file',
        file,
        '--',
        tenant,
      ]);
      expect(exit).toBe('badInput');
      expect(stderr).toContain('lower-case letters');
      await expect(access(file)).rejects.toThrow('ENOENT');
    },
  );

  test('takes the file of SERVE_KEYS_FILE, and --file above it', async () => {
    const env = { SERVE_KEYS_FILE: await keysPath() };
    const other = await keysPath();
    const { json } = await runCommand(configureKeysCreate, ['acme', '--json'], env);
    expect((json as Created).file).toBe(env.SERVE_KEYS_FILE);
    const argv = ['acme', '--json', '--file', other];
    expect((await runCommand(configureKeysCreate, argv, env)).json).toMatchObject({ file: other });
  });

  test('with --operator makes a key with that role, which acts as its tenant', async () => {
    const file = await keysPath();
    const argv = ['ops', '--operator', '--file', file, '--json'];
    const created = (await runCommand(configureKeysCreate, argv)).json as Created;
    expect(created).toMatchObject({ tenant: 'ops', role: 'operator' });
    const keys = await openKeys(file, { onError });
    const tenant = { name: 'ops', keyId: created.id, isOperator: true };
    expect(await keys.find(created.key)).toEqual(tenant);
    const { stdout } = await runCommand(configureKeysList, ['--file', file]);
    expect(stdout).toContain('operator');
    const { json } = await runCommand(configureKeysList, ['--file', file, '--json']);
    expect(json).toMatchObject({ keys: [{ id: created.id, role: 'operator' }] });
  });

  test('does not need the other settings of the server to be valid', async () => {
    const env = { SERVE_KEYS_FILE: await keysPath(), SERVE_PORT: 'wrong', SERVE_HOST: '0.0.0.0' };
    expect((await runCommand(configureKeysCreate, ['acme'], env)).exit).toBe('ok');
  });
});

describe('keys list', () => {
  test('shows id, tenant, times and note of every key, and no hash or secret', async () => {
    const { file, created } = await withKey('line one\nline two');
    const { keys, linkSecret } = JSON.parse(await readFile(file, 'utf8')) as {
      linkSecret: string;
      keys: { sha256: string }[];
    };
    const text = (await runCommand(configureKeysList, ['--file', file])).stdout;
    const { stdout, json } = await runCommand(configureKeysList, ['--file', file, '--json']);
    expect(text).toContain(created.id);
    expect(text).toContain('line one line two');
    expect(json).toMatchObject({ keys: [{ id: created.id, tenant: 'acme' }] });
    for (const hidden of [keys[0]?.sha256 ?? '', linkSecret, created.key]) {
      expect(hidden).not.toBe('');
      expect(text + stdout).not.toContain(hidden);
    }
  });

  test('of a file that does not exist says how to create the first key', async () => {
    const listed = runCommand(configureKeysList, ['--file', await keysPath()]);
    await expect(listed).rejects.toThrow(ConfigError);
    await expect(listed).rejects.toThrow('onetake keys create');
  });
});

describe('keys revoke', () => {
  test('says when it takes effect, and a server with the file refuses the key', async () => {
    const { file, created } = await withKey();
    const { stdout } = await runCommand(configureKeysRevoke, [created.id, '--file', file]);
    expect(stdout).toMatch(/within about a second.*no restart/);
    expect(await (await openKeys(file, { onError })).find(created.key)).toBeNull();
    expect((await runCommand(configureKeysList, ['--file', file])).stdout).toMatch(
      /2\d{3}-.*2\d{3}-/,
    );
  });

  test('of a key that is already revoked says so and keeps the time', async () => {
    const { file, created } = await withKey();
    const argv = [created.id, '--file', file, '--json'];
    const { json } = await runCommand(configureKeysRevoke, argv);
    expect((await runCommand(configureKeysRevoke, argv)).json).toEqual(json);
    const { stdout } = await runCommand(configureKeysRevoke, [created.id, '--file', file]);
    expect(stdout).toContain('revoked before');
  });

  test('of an unknown id is refused and changes nothing', async () => {
    const { file } = await withKey();
    const before = await readFile(file, 'utf8');
    const { exit, stderr } = await runCommand(configureKeysRevoke, ['k_none', '--file', file]);
    expect([exit, stderr]).toEqual(['badInput', expect.stringContaining('onetake keys list')]);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  test('of a whole API key asks for its id and does not repeat the key', async () => {
    const { file, created } = await withKey();
    const { exit, stderr } = await runCommand(configureKeysRevoke, [created.key, '--file', file]);
    expect([exit, stderr]).toEqual(['badInput', expect.stringContaining('onetake keys list')]);
    expect(stderr).not.toContain(created.key.slice(-43));
  });

  test('in a damaged file is refused without quoting it', async () => {
    const file = await keysPath();
    await writeFile(file, '{"linkSecret": "very-secret');
    const revoked = runCommand(configureKeysRevoke, ['k_1', '--file', file]);
    await expect(revoked).rejects.toThrow(ConfigError);
    await expect(revoked).rejects.not.toThrow('very-secret');
  });
});

test('two commands that create a key in one file at the same time lose none', async () => {
  const file = await keysPath();
  const program = fileURLToPath(new URL('../../bin/onetake.js', import.meta.url));
  const create = async (tenant: string) => {
    const argv = [program, 'keys', 'create', tenant, '--file', file, '--json'];
    return JSON.parse((await promisify(execFile)(process.execPath, argv)).stdout) as Created;
  };
  const created = await Promise.all([create('acme'), create('globex')]);
  const keys = await openKeys(file, { onError });
  expect((await keys.find(created[0].key))?.name).toBe('acme');
  expect((await keys.find(created[1].key))?.name).toBe('globex');
}, 60_000);
