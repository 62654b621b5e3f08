import type { CommandEntry } from '../context.ts';

/** `onetake keys …`, in the order of the help. */
export const keysCommands: Readonly<Record<string, CommandEntry>> = {
  create: {
    summary: 'create an API key for a tenant, and show it once',
    load: async () => (await import('./create.ts')).configureKeysCreate,
  },
  list: {
    summary: 'list API keys: tenant, role, created, revoked, note',
    load: async () => (await import('./list.ts')).configureKeysList,
  },
  revoke: {
    summary: 'revoke an API key; running servers refuse it within about a second',
    load: async () => (await import('./revoke.ts')).configureKeysRevoke,
  },
};
