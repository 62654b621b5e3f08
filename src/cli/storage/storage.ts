import type { CommandEntry } from '../context.ts';

/** `onetake storage …`, in the order of the help. */
export const storageCommands: Readonly<Record<string, CommandEntry>> = {
  clean: {
    summary: 'remove unfinished files and uploads that nothing resumes',
    formerly: 'sweep',
    load: async () => (await import('./clean.ts')).configureStorageClean,
  },
  prune: {
    summary: 'remove old videos, once or by a schedule',
    formerly: 'retain',
    load: async () => (await import('./prune.ts')).configureStoragePrune,
  },
};
