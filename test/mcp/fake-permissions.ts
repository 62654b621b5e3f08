import type {
  Permission,
  SpendPermissions,
  SpendRequest,
} from '../../src/mcp/spending/spend-permission.ts';

/** Permissions in memory: a test approves a token as a person would. */
export interface FakePermissions extends SpendPermissions {
  approve(confirm: string): void;
  /** From now on requests need no approval. */
  stand(): void;
  offered: SpendRequest[];
  checked: SpendRequest[];
}

export function fakePermissions(): FakePermissions {
  const quotes = new Map<string, SpendRequest>();
  const approved = new Set<string>();
  const offered: SpendRequest[] = [];
  const checked: SpendRequest[] = [];
  let isStanding = false;
  return {
    offered,
    checked,
    approve: (confirm) => void approved.add(confirm),
    stand: () => {
      isStanding = true;
    },
    offer: (request) => {
      offered.push(request);
      const number = quotes.size + 1;
      quotes.set(`token-${number}`, request);
      return Promise.resolve({
        confirm: `token-${number}`,
        code: `CODE-${number}`,
        approveUrl: `http://127.0.0.1/approve/${number}`,
        expiresAt: 1_000_000,
      });
    },
    check: (request, confirm) => {
      checked.push(request);
      return Promise.resolve(decide(request, confirm));
    },
    agreed: (_request, { key }) => Promise.resolve(key),
  };

  function decide({ digest, key }: SpendRequest, confirm?: string): Permission {
    const startUntil = Number.POSITIVE_INFINITY;
    if (isStanding) {
      return { ok: true, by: 'standing', key: key ?? `standing-${checked.length}`, startUntil };
    }
    if (confirm === undefined) return refused('none');
    const quote = quotes.get(confirm);
    if (quote?.digest !== digest) return refused('other_request');
    if (!approved.has(confirm)) return { ...refused('not_approved'), code: `CODE-of-${confirm}` };
    return { ok: true, by: 'approval', key: key ?? `key-of-${confirm}`, startUntil };
  }
}

function refused(reason: Extract<Permission, { ok: false }>['reason']) {
  return { ok: false as const, reason, message: `Nothing was spent: ${reason}` };
}
