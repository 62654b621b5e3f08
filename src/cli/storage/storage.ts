import type { CommandEntry } from '../context.ts';

/** `onetake storage …`, in the order of the help. */
export const storageCommands: Readonly<Record<string, CommandEntry>> = {
  sweep: {
    summary: 'remove unfinished files and uploads that nothing resumes',
    load: async () => (await import('./sweep.ts')).configureStorageSweep,
  },
  retain: {
    summary: 'remove old videos, once or by a schedule',
    load: async () => (await import('./retain.ts')).configureStorageRetain,
  },
};
