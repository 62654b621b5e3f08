import { createSpendOffers } from '../../../src/mcp/spending/spend-offers.ts';
import { createSpendPermissions } from '../../../src/mcp/spending/create-spend-permissions.ts';
import type { SpendRequest } from '../../../src/mcp/spending/spend-permission.ts';
import type { StandingCap } from '../../../src/config/mcp-config.ts';

export const minute = 60_000;
export const noon = Date.UTC(2026, 10, 30, 12);

export const request: SpendRequest = {
  tenant: { name: 'acme', keyId: 'k_1' },
  digest: 'a'.repeat(64),
  money: 1.5,
  model: 'kling-v1',
  prompt: 'A cat naps in the sun',
};

/** Small objects, created atomically. @param pause Before and after each step, for other processes to come between. */
export function createObjects(pause = async () => {}) {
  const objects = new Map<string, { bytes: Uint8Array; modifiedAt: number }>();
  const clock = { ms: noon };
  return {
    objects,
    clock,
    now: () => clock.ms,
    storage: {
      readSmall: async (key: string) => {
        await pause();
        return objects.get(key)?.bytes ?? null;
      },
      createSmall: async (key: string, bytes: Uint8Array) => {
        await pause();
        const isNew = !objects.has(key);
        if (isNew) objects.set(key, { bytes, modifiedAt: clock.ms });
        await pause();
        return isNew;
      },
      remove: async (key: string) => {
        objects.delete(key);
      },
      list: async function* (prefix: string) {
        for (const [key, { bytes, modifiedAt }] of objects) {
          if (key.startsWith(prefix)) yield { key, sizeBytes: bytes.length, modifiedAt };
        }
      },
    },
  };
}

/** Processes with one storage. */
export function spendingHarness(
  { standing = null }: { standing?: StandingCap | null } = {},
  objects = createObjects(),
) {
  const { storage, now } = objects;
  const newProcess = () => createSpendPermissions({ storage, standing, now });
  const offers = createSpendOffers({ storage, now });
  const approve = (code: string) => offers.approve(code, { by: 'terminal', keyId: null });
  return { ...objects, newProcess, permissions: newProcess(), offers, approve };
}
