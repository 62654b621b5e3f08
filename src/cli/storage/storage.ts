import type { CommandEntry } from '../context.ts';

/** `onetake storage …`, in the order of the help. */
export const storageCommands: Readonly<Record<string, CommandEntry>> = {
  clean: {
    summary: 'delete unfinished files and uploads that nothing resumes',
    formerly: 'sweep',
    load: async () => (await import('./clean.ts')).configureStorageClean,
  },
  prune: {
    summary: 'delete old videos, once or on a schedule',
    formerly: 'retain',
    load: async () => (await import('./prune.ts')).configureStoragePrune,
  },
};
