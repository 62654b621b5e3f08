import { timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { keyDigest, readKeysFile, type KeyEntry, type KeysFile } from './keys-file.ts';
import type { Tenant } from './tenant.ts';

/** How often the file is checked for changes, and so how long a revoked key is accepted at most. */
const checkEveryMs = 1_000;

/** Options of {@link openKeys}. */
export interface OpenKeysOptions {
  /** Milliseconds of a clock. Default: `performance.now`, which no clock change affects. */
  now?: () => number;
  /** Called once per change of the file that leaves it unusable. The last good keys stay in use. */
  onError: (error: Error) => void;
  /** Default: {@link readKeysFile}. */
  read?: (path: string) => Promise<KeysFile>;
}

/** The API keys of a keys file, which follow its changes. */
export interface ApiKeys {
  /** The tenant of an active key; null if the key is unknown or revoked. */
  find(key: string): Promise<Tenant | null>;
  /** Whether the key with this id exists and is not revoked, e.g. to honour a link that it signed. */
  isActive(keyId: string): Promise<boolean>;
  /** Who has the key with this id, if it is an active key of an operator; otherwise null. */
  operator(keyId: string): Promise<Tenant | null>;
  /** 64 hex digits that sign links. They are as of the last call of the other methods. */
  linkSecret(): string;
  /** Why the file cannot be used as it is now; null if it can. For readiness. */
  problem(): Promise<string | null>;
}

/**
 * Opens a keys file. It is checked at most once a second, when a key is looked up, and read again when it has changed.
 *
 * A lookup compares the key with all active ones, in constant time, so its time says nothing about any of them: 0.1 to
 * 0.3 ms for 1,000 keys.
 *
 * @throws {ConfigError} The file cannot be used at the start. Later the last good keys stay in use.
 */
export async function openKeys(path: string, options: OpenKeysOptions): Promise<ApiKeys> {
  const { now = () => performance.now(), onError, read = readKeysFile } = options;
  let checkedAt = now();
  // Before the file is read: a change in between is then noticed by the next check.
  let seen = await fingerprint(path);
  let keys = toLookup(await read(path));
  let problem: string | null = null;
  let checking: Promise<void> | null = null;

  const check = async () => {
    checkedAt = now();
    const current = await fingerprint(path);
    // A file with a problem is read at every check: reading may have failed without a change of the file.
    if (current === seen && problem === null) return;
    const isChange = current !== seen;
    seen = current;
    try {
      keys = toLookup(await read(path));
      problem = null;
    } catch (error) {
      const { message } = error as Error;
      if (isChange || problem === null) onError(error as Error);
      problem = message;
    }
  };

  const current = async () => {
    if (now() - checkedAt >= checkEveryMs) {
      checking ??= check().finally(() => {
        checking = null;
      });
    }
    await checking;
    return keys;
  };

  return {
    find: async (key) => findKey((await current()).active, key),
    isActive: async (keyId) => (await current()).active.some(({ id }) => id === keyId),
    operator: async (keyId) => {
      const found = (await current()).active.find(({ id }) => id === keyId);
      return found?.isOperator ? tenantOf(found) : null;
    },
    linkSecret: () => keys.linkSecret,
    problem: async () => {
      await current();
      return problem;
    },
  };
}

interface ActiveKey {
  id: string;
  tenant: string;
  isOperator: boolean;
  digest: Buffer;
}

function toLookup({ linkSecret, keys }: KeysFile): { linkSecret: string; active: ActiveKey[] } {
  return { linkSecret, active: keys.filter(isActive).map(activeKey) };
}

function isActive({ revokedAt }: KeyEntry): boolean {
  return revokedAt === undefined;
}

function activeKey({ id, tenant, role, sha256 }: KeyEntry): ActiveKey {
  return { id, tenant, isOperator: role === 'operator', digest: Buffer.from(sha256, 'hex') };
}

function findKey(active: readonly ActiveKey[], given: string): Tenant | null {
  const digest = keyDigest(given);
  let found: ActiveKey | null = null;
  // No early end: the time must not depend on which key it is.
  for (const key of active) if (timingSafeEqual(key.digest, digest)) found = key;
  return found && tenantOf(found);
}

function tenantOf({ id, tenant, isOperator }: ActiveKey): Tenant {
  return { name: tenant, keyId: id, ...(isOperator && { isOperator }) };
}

/**
 * Differs when the file has changed. `stat` follows symbolic links, which Kubernetes swaps to update a mounted secret.
 * The time of the last status change covers tools that restore the modification time.
 */
async function fingerprint(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join('/');
  } catch (error) {
    return `cannot be read: ${(error as NodeJS.ErrnoException).code}`;
  }
}
