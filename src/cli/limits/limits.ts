import type { CommandEntry } from '../context.ts';

/** `onetake limits …`, in the order of the help. */
export const limitsCommands: Readonly<Record<string, CommandEntry>> = {
  set: {
    summary: 'change slots and caps, for all workers',
    load: async () => (await import('./set.ts')).configureLimitsSet,
  },
};
