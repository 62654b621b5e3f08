import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../../config/settings.ts';
import {
  keyDigest,
  parseKeysFile,
  readKeysFile,
  readText,
  type KeyEntry,
  type KeysFile,
} from './keys-file.ts';
import { withLock } from './keys-file-lock.ts';

/** A key just created. `key` exists nowhere else: the file has its hash only. */
export interface CreatedKey {
  key: string;
  entry: KeyEntry;
}

/**
 * Adds a key to the file, and makes the file with the first one. Several processes may do so at the same time.
 *
 * @throws {ConfigError} The tenant's name is invalid, or the file cannot be changed.
 */
export async function createKey(
  path: string,
  { tenant, note, role }: { tenant: string; note?: string; role?: 'operator' },
): Promise<CreatedKey> {
  // Prefix and length let secret scanners recognise a key: /\bot_[a-z0-9][a-z0-9-]{0,39}_[\w-]{43}/
  const key = `ot_${tenant}_${randomBytes(32).toString('base64url')}`;
  const entry: KeyEntry = {
    id: `k_${randomBytes(8).toString('hex')}`,
    tenant,
    sha256: keyDigest(key).toString('hex'),
    createdAt: new Date().toISOString(),
    ...(note !== undefined && { note }),
    ...(role && { role }),
  };
  await changeKeysFile(path, {
    read: readOrBegin,
    change: (file) => ({ ...file, keys: [...file.keys, entry] }),
  });
  return { key, entry };
}

/** A key that is revoked. `isNew` is false if it was before; then `revokedAt` is the earlier time. */
export interface RevokedKey {
  entry: KeyEntry & { revokedAt: string };
  isNew: boolean;
}

/**
 * Revokes a key. Servers refuse it as soon as they read the file again.
 *
 * @returns Null if the file has no such key.
 * @throws {ConfigError} The file cannot be changed.
 */
export async function revokeKey(path: string, id: string): Promise<RevokedKey | null> {
  let revoked: RevokedKey | null = null;
  await changeKeysFile(path, {
    read: readKeysFile,
    change: (file) => {
      const found = file.keys.find((key) => key.id === id);
      if (!found) return file;
      const { revokedAt = new Date().toISOString() } = found;
      const entry = { ...found, revokedAt };
      revoked = { entry, isNew: found.revokedAt === undefined };
      return { ...file, keys: file.keys.map((key) => (key === found ? entry : key)) };
    },
  });
  return revoked;
}

interface Change {
  read: (path: string) => Promise<KeysFile>;
  change: (file: KeysFile) => KeysFile;
}

async function changeKeysFile(given: string, { read, change }: Change): Promise<void> {
  // The target of a symbolic link is replaced, not the link.
  const path = await realpath(given).catch(() => given);
  await mkdir(dirname(path), { recursive: true });
  await withLock(path, async () => {
    const file = await read(path);
    const changed = change(file);
    if (changed === file) return;
    const text = `${JSON.stringify(changed, null, 2)}\n`;
    parseKeysFile(path, text);
    await replaceFile(path, text);
  });
}

async function readOrBegin(path: string): Promise<KeysFile> {
  const linkSecret = randomBytes(32).toString('hex');
  const text = await readText(path);
  return text === null ? { linkSecret, keys: [] } : parseKeysFile(path, text, { linkSecret });
}

/** Readers see the old file or the new one. An existing file keeps its mode and owner: the server may be another user. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await keepAccess(path, temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new ConfigError(`The keys file "${path}" cannot be written: ${String(cause)}`, { cause });
  }
}

/** @throws {Error} This user may not give a file to the owner of the earlier one. */
async function keepAccess(path: string, temporary: string): Promise<void> {
  const earlier = await stat(path).catch(() => null);
  if (!earlier) return;
  const { uid, gid } = await stat(temporary);
  if (uid !== earlier.uid || gid !== earlier.gid) await chown(temporary, earlier.uid, earlier.gid);
  await chmod(temporary, earlier.mode & 0o777);
}
