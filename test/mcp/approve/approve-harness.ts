import { approveRoutes } from '../../../src/mcp/approve/approve-routes.ts';
import { createSpendPermissions } from '../../../src/mcp/spending/create-spend-permissions.ts';
import { createSpendOffers } from '../../../src/mcp/spending/spend-offers.ts';
import type { SpendRequest } from '../../../src/mcp/spending/spend-permission.ts';
import { createApp } from '../../../src/serve/app.ts';
import type { RateLimit } from '../../../src/serve/limits/rate-limit.ts';
import type { AccessEntry } from '../../../src/serve/ports.ts';
import { createFakeClient } from '../../fakes/fake-client.ts';
import { tempStorage, withFailing } from '../../fakes/temp-storage.ts';
import { testPorts } from '../../serve/serve-harness.ts';
import { noon, request } from '../spending/spending-harness.ts';

const tenants = {
  'acme-key': { name: 'acme', keyId: 'k_1' },
  'rival-key': { name: 'rival', keyId: 'k_2' },
};

/** A server with the page on a real folder. Without keys, everybody is the tenant `local`. */
export async function approveHarness({
  hasKeys = false,
  publicUrl,
  limit,
}: { hasKeys?: boolean; publicUrl?: string; limit?: RateLimit } = {}) {
  const { storage: folder } = await tempStorage();
  let isBroken = false;
  const storage = withFailing(folder, ['readSmall', 'createSmall'], () => isBroken);
  const clock = { ms: noon };
  const now = () => clock.ms;
  const log: AccessEntry[] = [];
  const errors: unknown[] = [];
  const ports = await testPorts({
    temporal: createFakeClient({}).client,
    storage,
    authenticate: async (key) => {
      if (!hasKeys) return { name: 'local', keyId: null };
      return tenants[key as keyof typeof tenants] ?? null;
    },
    links: {
      linkSecret: () => 'secret',
      isActive: () => Promise.resolve(true),
      operator: () => Promise.resolve(null),
    },
    onResponse: (entry) => log.push(entry),
    onError: (error) => errors.push(error),
    now,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  const offers = createSpendOffers({ storage, now });
  const app = createApp(ports, [
    (added) => approveRoutes(added, { ...ports, offers, ...(limit && { limit }) }),
  ]);
  const permissions = createSpendPermissions({ storage, standing: null, now });
  const tenant = hasKeys ? tenants['acme-key'] : { name: 'local', keyId: null };
  const wanted: SpendRequest = { ...request, tenant };
  const offer = async (given: Partial<SpendRequest> = {}) => {
    const asked = { ...wanted, ...given };
    const { confirm, code } = await permissions.offer(asked);
    const isPermitted = async () => (await permissions.check(asked, confirm)).ok;
    return { confirm, code, isPermitted, path: `/approve/${confirm}` };
  };
  const breakStorage = () => {
    isBroken = true;
  };
  return { app, offer, clock, log, errors, breakStorage };
}

const base = 'http://127.0.0.1:8787';
export const atHome = { host: '127.0.0.1:8787' };

/** What a browser sends when a person presses the button. */
export function pressed(fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: {
      ...atHome,
      origin: base,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  };
}
