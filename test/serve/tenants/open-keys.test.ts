import { mkdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/settings.ts';
import { createKey, revokeKey } from '../../../src/serve/tenants/edit-keys-file.ts';
import { readKeysFile } from '../../../src/serve/tenants/keys-file.ts';
import { openKeys } from '../../../src/serve/tenants/open-keys.ts';
import { keysPath } from './keys-harness.ts';

/** A file with one key of acme, opened on a clock that the test sets. */
async function opened() {
  const path = await keysPath();
  const { key, entry } = await createKey(path, { tenant: 'acme' });
  const clock = { ms: 0 };
  const errors: string[] = [];
  const onError = (error: Error) => errors.push(error.message);
  const keys = await openKeys(path, { now: () => clock.ms, onError });
  /** The next use of the keys checks the file. */
  const later = () => {
    clock.ms += 1_000;
  };
  return { path, key, id: entry.id, keys, errors, clock, later };
}

describe('an API key', () => {
  test('that is active gives its tenant and its id', async () => {
    const { keys, key, id } = await opened();
    expect(await keys.find(key)).toEqual({ name: 'acme', keyId: id });
    expect(await keys.isActive(id)).toBe(true);
  });

  test('that is unknown, cut, extended, or the hash in the file gives nothing', async () => {
    const { keys, key, path } = await opened();
    const [entry] = (await readKeysFile(path)).keys;
    for (const given of ['', 'ot_', key.slice(0, -1), `${key}a`, entry?.sha256 ?? '', '\0']) {
      expect(await keys.find(given)).toBeNull();
    }
    expect(await keys.isActive('k_other')).toBe(false);
  });

  test('of one tenant gives that tenant, not another', async () => {
    const { path, later, keys, key } = await opened();
    const { key: other, entry } = await createKey(path, { tenant: 'globex' });
    later();
    expect(await keys.find(other)).toEqual({ name: 'globex', keyId: entry.id });
    expect((await keys.find(key))?.name).toBe('acme');
  });

  test('that is revoked is refused at the next check, a second later at the latest', async () => {
    const { path, later, keys, key, id } = await opened();
    await revokeKey(path, id);
    later();
    expect(await keys.find(key)).toBeNull();
    expect(await keys.isActive(id)).toBe(false);
  });
});

describe('the file', () => {
  test('is checked at most once a second', async () => {
    const { path, clock, keys, key, id } = await opened();
    await revokeKey(path, id);
    clock.ms = 999;
    expect(await keys.find(key)).not.toBeNull();
    clock.ms = 1_000;
    expect(await keys.find(key)).toBeNull();
  });

  test('is noticed to have changed also with the same size and modification time', async () => {
    const { path, later, keys, key } = await opened();
    const file = await readKeysFile(path);
    const text = JSON.stringify(file);
    const old = new Date('2026-01-01');
    await writeFile(path, text);
    await utimes(path, old, old);
    later();
    await keys.find(key);
    const [entry] = file.keys;
    const { ctimeNs } = await stat(path, { bigint: true });
    await writeFile(path, text.replace(entry?.sha256 ?? '', 'a'.repeat(64)));
    // Some file systems keep times in steps of some milliseconds.
    do await utimes(path, old, old);
    while ((await stat(path, { bigint: true })).ctimeNs === ctimeNs);
    later();
    expect(await keys.find(key)).toBeNull();
  });

  test('that Kubernetes mounts is followed when its links are swapped', async () => {
    const folder = dirname(await keysPath());
    const secret = async (version: string) => {
      await mkdir(join(folder, version));
      return createKey(join(folder, version, 'keys.json'), { tenant: 'acme' });
    };
    const first = await secret('..1');
    await symlink('..1', join(folder, '..data'));
    await symlink('..data/keys.json', join(folder, 'keys.json'));
    const clock = { ms: 0 };
    const keys = await openKeys(join(folder, 'keys.json'), {
      now: () => clock.ms,
      onError: (error) => {
        throw error;
      },
    });
    expect(await keys.find(first.key)).not.toBeNull();

    const second = await secret('..2');
    await symlink('..2', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    await rm(join(folder, '..1'), { recursive: true });
    clock.ms = 1_000;
    expect(await keys.find(second.key)).not.toBeNull();
    expect(await keys.find(first.key)).toBeNull();
    expect(await keys.problem()).toBeNull();
  });

  test('gives the link secret of its last good content', async () => {
    const { path, later, keys, key } = await opened();
    const { linkSecret, ...file } = await readKeysFile(path);
    expect(keys.linkSecret()).toBe(linkSecret);
    await writeFile(path, JSON.stringify({ ...file, linkSecret: 'b'.repeat(64) }));
    later();
    await keys.find(key);
    expect(keys.linkSecret()).toBe('b'.repeat(64));
  });
});

describe('a file that becomes unusable', () => {
  const damages: [string, (path: string) => Promise<void>][] = [
    ['is deleted', (path) => rm(path)],
    ['is not JSON', (path) => writeFile(path, '{"linkSecret": "very-secret')],
    ['has no keys', (path) => writeFile(path, '{"linkSecret": "very-secret"}')],
  ];

  test.each(damages)(
    'because it %s leaves the last good keys in use, and is reported once',
    async (_name, damage) => {
      const { path, later, keys, key, errors } = await opened();
      await damage(path);
      for (let check = 0; check < 3; check += 1) {
        later();
        expect(await keys.find(key)).not.toBeNull();
      }
      expect(errors).toEqual([await keys.problem()]);
      expect(errors[0]).toContain(path);
      expect(errors[0]).not.toContain('very-secret');
    },
  );

  test('is reported again after another change, and no longer once it is usable', async () => {
    const { path, later, keys, errors } = await opened();
    await writeFile(path, 'damaged');
    later();
    await keys.isActive('k_1');
    await writeFile(path, 'damaged differently');
    later();
    await keys.isActive('k_1');
    expect(errors).toHaveLength(2);

    await rm(path);
    const { key } = await createKey(path, { tenant: 'globex' });
    later();
    expect((await keys.find(key))?.name).toBe('globex');
    expect(await keys.problem()).toBeNull();
    expect(errors).toHaveLength(2);
  });

  test('with the same content after a problem is in use again', async () => {
    const { path, later, keys, key } = await opened();
    await rename(path, `${path}.aside`);
    later();
    await keys.find(key);
    expect(await keys.problem()).toContain('does not exist');
    await rename(`${path}.aside`, path);
    later();
    expect(await keys.find(key)).not.toBeNull();
    expect(await keys.problem()).toBeNull();
  });
});

test('a change that could not be read is read at the next check, also if the file does not change', async () => {
  const path = await keysPath();
  const { key, entry } = await createKey(path, { tenant: 'acme' });
  const clock = { ms: 0 };
  const errors: string[] = [];
  let isBusy = false;
  const keys = await openKeys(path, {
    now: () => clock.ms,
    onError: (error) => errors.push(error.message),
    read: (given) =>
      isBusy ? Promise.reject(new Error('too many open files')) : readKeysFile(given),
  });
  await revokeKey(path, entry.id);
  isBusy = true;
  for (clock.ms = 1_000; clock.ms < 4_000; clock.ms += 1_000) await keys.find(key);
  expect(await keys.problem()).toBe('too many open files');
  isBusy = false;
  clock.ms = 5_000;
  expect(await keys.find(key)).toBeNull();
  expect(await keys.problem()).toBeNull();
  expect(errors).toEqual(['too many open files']);
});

describe('at the start, a file', () => {
  const open = (path: string) => openKeys(path, { onError: () => {} });
  const entry = {
    id: 'k_1',
    tenant: 'acme',
    sha256: 'a'.repeat(64),
    createdAt: '2026-11-30T00:00:00Z',
  };
  const linkSecret = 'b'.repeat(64);

  test('that does not exist is refused with the command that creates a key', async () => {
    const refused = open(await keysPath());
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow('onetake keys create');
  });

  test('that is a folder is refused by its name', async () => {
    const path = dirname(await keysPath());
    await expect(open(path)).rejects.toThrow(`The keys file "${path}" cannot be read`);
  });

  test.each([
    ['keys.0.tenant', { linkSecret, keys: [{ ...entry, tenant: 'Acme' }] }],
    ['keys.0.sha256', { linkSecret, keys: [{ ...entry, sha256: 'ot_acme_clear' }] }],
    ['keys.0.id', { linkSecret, keys: [{ ...entry, id: 'k/1' }] }],
    ['keys.0.revokedAt', { linkSecret, keys: [{ ...entry, revokedAt: true }] }],
    ['keys.1.id', { linkSecret, keys: [entry, { ...entry, sha256: 'c'.repeat(64) }] }],
    ['keys.1.sha256', { linkSecret, keys: [entry, { ...entry, id: 'k_2', tenant: 'globex' }] }],
    ['linkSecret', { keys: [entry] }],
    ['keys', { linkSecret }],
  ])('with a wrong %s is refused by that name, without its values', async (field, content) => {
    const path = await keysPath();
    await writeFile(path, JSON.stringify(content));
    const refused = open(path);
    await expect(refused).rejects.toThrow(`"${field}"`);
    await expect(refused).rejects.toThrow(path);
    await expect(refused).rejects.not.toThrow('ot_acme_clear');
  });
});
