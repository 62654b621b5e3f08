import type { CommandEntry } from '../context.ts';

/** `onetake batch …`, in the order of the help. */
export const batchCommands: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: 'check a manifest, say what it asks for, and make its videos',
    load: async () => (await import('./run.ts')).configureBatchRun,
  },
  status: {
    summary: 'say where a batch stands',
    load: async () => (await import('./status.ts')).configureBatchStatus,
  },
  watch: {
    summary: 'come back to a batch and follow it',
    load: async () => (await import('./status.ts')).configureBatchWatch,
  },
  pause: {
    summary: 'start no more rows for now',
    load: async () => (await import('./act.ts')).configureBatchPause,
  },
  resume: {
    summary: 'go on with a paused batch',
    load: async () => (await import('./act.ts')).configureBatchResume,
  },
  retry: {
    summary: 'start the rows again that failed without being billed',
    load: async () => (await import('./act.ts')).configureBatchRetry,
  },
  cancel: {
    summary: 'stop a batch',
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
