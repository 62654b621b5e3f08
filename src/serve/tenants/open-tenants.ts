import { randomBytes } from 'node:crypto';
import { openKeys, type OpenKeysOptions } from './open-keys.ts';
import type { Tenant } from './tenant.ts';

/** Who may call the HTTP API. */
export interface Tenants {
  /** The tenant of an API key; null if the key is unknown or revoked, or if a key is needed and none is given. */
  authenticate(apiKey: string | null): Promise<Tenant | null>;
  /** Whether a link that was signed with this key is still honoured; null is the id on a server without a keys file. */
  isActive(keyId: string | null): Promise<boolean>;
  /** Who has the key with this id, if it may open the studio. Null without a keys file, where no login is needed. */
  operator(keyId: string): Promise<Tenant | null>;
  /** Signs links; the same on all servers with the same keys file. */
  linkSecret(): string;
  /** Why the keys file cannot be used as it is now; null if it can. For readiness. */
  problem(): Promise<string | null>;
}

/** Without a keys file, everybody on this machine is this tenant. */
const localTenant: Tenant = { name: 'local', keyId: null };

/**
 * Opens the keys file; without one, every caller is the tenant `local`, also with an API key, which OpenAI's clients
 * always send.
 *
 * @throws {ConfigError} The keys file cannot be used.
 */
export async function openTenants(
  keysFile: string | undefined,
  options: OpenKeysOptions,
): Promise<Tenants> {
  if (keysFile === undefined) return withoutKeys();
  const keys = await openKeys(keysFile, options);
  return {
    ...keys,
    authenticate: async (apiKey) => (apiKey === null ? null : keys.find(apiKey)),
    isActive: async (keyId) => keyId !== null && keys.isActive(keyId),
  };
}

function withoutKeys(): Tenants {
  const linkSecret = randomBytes(32).toString('hex');
  return {
    authenticate: () => Promise.resolve(localTenant),
    isActive: (keyId) => Promise.resolve(keyId === null),
    operator: () => Promise.resolve(null),
    linkSecret: () => linkSecret,
    problem: () => Promise.resolve(null),
  };
}
