import type { CommandEntry } from '../context.ts';

/** `onetake batch …`, in the order of the help. */
export const batchCommands: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: 'check a manifest, show its cost, and make its videos',
    load: async () => (await import('./run.ts')).configureBatchRun,
  },
  status: {
    summary: "show a batch's status",
    load: async () => (await import('./status.ts')).configureBatchStatus,
  },
  watch: {
    summary: 'follow a batch',
    load: async () => (await import('./status.ts')).configureBatchWatch,
  },
  pause: {
    summary: 'pause a batch: start no more rows',
    load: async () => (await import('./act.ts')).configureBatchPause,
  },
  resume: {
    summary: 'resume a paused batch',
    load: async () => (await import('./act.ts')).configureBatchResume,
  },
  retry: {
    summary: 'start the rows again that failed with billed: no',
    load: async () => (await import('./act.ts')).configureBatchRetry,
  },
  cancel: {
    summary: 'cancel a batch',
    load: async () => (await import('./act.ts')).configureBatchCancel,
  },
  results: {
    summary: 'print the results, or copy the videos',
    load: async () => (await import('./results.ts')).configureBatchResults,
  },
  list: {
    summary: 'list batches, newest first',
    load: async () => (await import('./list.ts')).configureBatchList,
  },
};
