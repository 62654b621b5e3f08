import type { SpendPermissions } from './spend-permission.ts';

/** Permits nothing. */
export const refuseSpending: SpendPermissions = {
  offer: () => Promise.resolve({ confirm: 'none', code: 'none', expiresAt: 0 }),
  check: () =>
    Promise.resolve({
      ok: false,
      reason: 'none',
      message: 'This server cannot ask a person for permission to pay',
    }),
};
