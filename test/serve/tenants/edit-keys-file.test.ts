import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../../src/config/settings.ts';
import { createKey, revokeKey } from '../../../src/serve/tenants/edit-keys-file.ts';
import { keyDigest, readKeysFile } from '../../../src/serve/tenants/keys-file.ts';
import { withLock } from '../../../src/serve/tenants/keys-file-lock.ts';
import { keysPath } from './keys-harness.ts';

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const filesBeside = (path: string) => readdir(dirname(path));

describe('a created key', () => {
  test('has 256 random bits behind a prefix and the name of its tenant', async () => {
    const path = await keysPath();
    const { key } = await createKey(path, { tenant: 'acme-2' });
    const { key: other } = await createKey(path, { tenant: 'acme-2' });
    expect(key).toMatch(/^ot_acme-2_[\w-]{43}$/);
    expect(Buffer.from(key.slice(-43), 'base64url')).toHaveLength(32);
    expect(other).not.toBe(key);
  });

  test('is in the file as its hash only', async () => {
    const path = await keysPath();
    const { key, entry } = await createKey(path, { tenant: 'acme', note: 'the shop' });
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain(key);
    expect(text).not.toContain(key.slice(-43));
    expect((await readKeysFile(path)).keys).toEqual([entry]);
    expect(entry).toMatchObject({
      tenant: 'acme',
      note: 'the shop',
      sha256: keyDigest(key).toString('hex'),
    });
  });

  test('makes the file with a link secret, which later keys keep', async () => {
    const path = await keysPath();
    await createKey(path, { tenant: 'acme' });
    const { linkSecret } = await readKeysFile(path);
    await createKey(path, { tenant: 'globex' });
    const file = await readKeysFile(path);
    expect(file.linkSecret).toBe(linkSecret);
    expect(file.keys.map(({ tenant }) => tenant)).toEqual(['acme', 'globex']);
  });

  test('of an invalid tenant leaves the file as it was', async () => {
    const path = await keysPath();
    await createKey(path, { tenant: 'acme' });
    const before = await readFile(path, 'utf8');
    for (const tenant of ['', '-a', 'Acme', 'a_b', 'a'.repeat(41)]) {
      await expect(createKey(path, { tenant })).rejects.toThrow('40 lower-case letters');
    }
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });
});

describe('a changed file', () => {
  test('is readable for its owner only, in a folder that is made for it', async () => {
    const path = join(dirname(await keysPath()), 'new', 'folder', 'keys.json');
    await createKey(path, { tenant: 'acme' });
    expect(await modeOf(path)).toBe('600');
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });

  test('keeps the mode that its owner gave it, so that the server can still read it', async () => {
    const path = await keysPath();
    const { entry } = await createKey(path, { tenant: 'acme' });
    await chmod(path, 0o640);
    await revokeKey(path, entry.id);
    expect(await modeOf(path)).toBe('640');
  });

  test('keeps fields that this version does not know', async () => {
    const path = await keysPath();
    const { entry } = await createKey(path, { tenant: 'acme' });
    const { linkSecret } = await readKeysFile(path);
    const later = { version: 2, linkSecret, keys: [{ ...entry, scopes: ['read'] }] };
    await writeFile(path, JSON.stringify(later));
    await createKey(path, { tenant: 'globex' });
    await revokeKey(path, entry.id);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      version: 2,
      keys: [{ id: entry.id, scopes: ['read'] }, { tenant: 'globex' }],
    });
  });

  test('is the target of a symbolic link, and the link stays', async () => {
    const path = await keysPath();
    await mkdir(join(dirname(path), 'data'));
    const target = join(dirname(path), 'data', 'real.json');
    await createKey(target, { tenant: 'acme' });
    await symlink(target, path);
    await createKey(path, { tenant: 'globex' });
    expect((await readKeysFile(target)).keys).toHaveLength(2);
  });

  test.each([
    ['the text of another program', '{"name": "shop", "version": "1.0.0"}'],
    ['a list', '[]'],
    ['no JSON', 'ot_acme_secret'],
    ['nothing', ''],
  ])('that has %s is refused and left as it is', async (_name, text) => {
    const path = await keysPath();
    await writeFile(path, text);
    const refused = createKey(path, { tenant: 'acme' });
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(`"${path}"`);
    await expect(refused).rejects.not.toThrow('secret');
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

describe('a revoked key', () => {
  test('keeps the time of its first revocation, and other keys stay active', async () => {
    const path = await keysPath();
    const { entry } = await createKey(path, { tenant: 'acme' });
    const { entry: other } = await createKey(path, { tenant: 'acme' });
    const first = await revokeKey(path, entry.id);
    expect(first).toMatchObject({ isNew: true, entry });
    expect(await revokeKey(path, entry.id)).toEqual({ ...first, isNew: false });
    expect((await readKeysFile(path)).keys).toEqual([first?.entry, other]);
  });

  test('that the file does not have is reported as null', async () => {
    const path = await keysPath();
    await createKey(path, { tenant: 'acme' });
    expect(await revokeKey(path, 'k_other')).toBeNull();
  });

  test('in a file that does not exist is an error that says so, and makes no file', async () => {
    const path = await keysPath();
    await expect(revokeKey(path, 'k_1')).rejects.toThrow('does not exist');
    expect(await filesBeside(path)).toEqual([]);
  });
});

test('a lock left by a killed process is named with what to do, and nothing is changed', async () => {
  const path = await keysPath();
  await writeFile(`${path}.lock`, '');
  let changed = false;
  const change = async () => {
    changed = true;
  };
  await expect(withLock(path, change, { waitMs: 50 })).rejects.toThrow('delete the lock');
  expect(changed).toBe(false);
  expect(await filesBeside(path)).toEqual(['keys.json.lock']);
});

test('a change that fails gives its lock back', async () => {
  const path = await keysPath();
  await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLock(path, () => Promise.resolve('done'), { waitMs: 0 })).toBe('done');
});

const script = fileURLToPath(new URL('create-keys.ts', import.meta.url));

test('two processes that create 15 keys each in one file at the same time lose none', async () => {
  const path = await keysPath();
  const racers = await Promise.all(['acme', 'globex'].map((tenant) => enter({ path, tenant })));
  const created = await Promise.all(racers.map(({ race }) => race()));
  const { keys } = await readKeysFile(path);
  expect(created.flat()).toHaveLength(30);
  expect(keys.map(({ sha256 }) => sha256).sort()).toEqual(
    created
      .flat()
      .map((key) => keyDigest(key).toString('hex'))
      .sort(),
  );
}, 60_000);

async function enter(given: { path: string; tenant: string }) {
  const child = fork(script, [JSON.stringify(given)], { execArgv: ['--import', 'tsx'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return {
    race: async () => {
      const told = once(child, 'message');
      child.send('go');
      return (await told)[0] as string[];
    },
  };
}
