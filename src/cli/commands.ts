import { batchCommands } from './batch/batch.ts';
import type { CommandEntry, Configure } from './context.ts';
import { limitsCommands } from './limits/limits.ts';
import { scheduleCommands } from './schedule/schedule.ts';
import { storageCommands } from './storage/storage.ts';

/** Commands about one thing, e.g. `batch run` and `batch status`. */
export interface CommandGroup {
  summary: string;
  commands: Readonly<Record<string, CommandEntry>>;
  /** What the word does alone. */
  alone?: () => Promise<Configure>;
}

/** All commands, in the order of the help. Their modules are loaded when they are run. */
export const commands: Readonly<Record<string, CommandEntry | CommandGroup>> = {
  generate: {
    summary: 'make a video: one paid submit, watched until it is stored',
    load: async () => (await import('./video/generate.ts')).configureGenerate,
  },
  quote: {
    summary: 'say what a request makes and costs, and start nothing',
    load: async () => (await import('./models/quote.ts')).configureQuote,
  },
  models: {
    summary: 'say which models there are, what they take, and what they cost',
    load: async () => (await import('./models/models.ts')).configureModels,
  },
  watch: {
    summary: 'come back to a video and follow it',
    load: async () => (await import('./video/watch.ts')).configureWatch,
  },
  status: {
    summary: 'say once where a video stands',
    load: async () => (await import('./video/status.ts')).configureStatus,
  },
  list: {
    summary: 'list videos, newest first',
    load: async () => (await import('./video/list.ts')).configureList,
  },
  download: {
    summary: 'copy a stored video out of the storage',
    formerly: 'get',
    load: async () => (await import('./video/download.ts')).configureDownload,
  },
  play: {
    summary: 'play a stored video',
    formerly: 'open',
    load: async () => (await import('./video/play.ts')).configurePlay,
  },
  cancel: {
    summary: 'stop a video, and say what that achieved',
    load: async () => (await import('./video/cancel.ts')).configureCancel,
  },
  unresolved: {
    summary: 'list the submits whose outcome is unknown',
    load: async () => (await import('./video/unresolved.ts')).configureUnresolved,
  },
  resolve: {
    summary: 'decide a submit whose outcome is unknown',
    load: async () => (await import('./video/resolve.ts')).configureResolve,
  },
  adopt: {
    summary: 'deliver a job that exists at the gateway; pays nothing',
    load: async () => (await import('./video/adopt.ts')).configureAdopt,
  },
  batch: { summary: 'make the videos of a whole file, each paid once', commands: batchCommands },
  schedule: { summary: 'start a batch again and again', commands: scheduleCommands },
  limits: {
    summary: 'show how many jobs run and what is spent, and set limits',
    alone: async () => (await import('./limits/show.ts')).configureLimitsShow,
    commands: limitsCommands,
  },
  ledger: {
    summary: 'say what was paid, and compare it with the gateway',
    load: async () => (await import('./ledger/ledger.ts')).configureLedger,
  },
  storage: {
    summary: 'say what the storage holds, and clean it up',
    alone: async () => (await import('./storage/usage.ts')).configureStorageUsage,
    commands: storageCommands,
  },
  worker: {
    summary: 'run a worker: submits, polls and downloads',
    load: async () => (await import('./run/worker.ts')).configureWorker,
  },
  stats: {
    summary: 'requests, success and times, as the workers counted them',
    load: async () => (await import('./run/stats.ts')).configureStats,
  },
  dev: {
    summary: 'try it out: server, UI, sandbox gateway and worker in one',
    load: async () => (await import('./run/dev.ts')).configureDev,
  },
  sandbox: {
    summary: 'run the sandbox gateway, which costs nothing',
    load: async () => (await import('./run/sandbox.ts')).configureSandbox,
  },
  'codec-server': {
    summary: 'let the Temporal UI read encrypted payloads',
    load: async () => (await import('./run/codec-server.ts')).configureCodecServer,
  },
  doctor: {
    summary: 'check server, workers, key and storage',
    load: async () => (await import('./run/doctor.ts')).configureDoctor,
  },
  demo: {
    summary: 'see a paid video survive the death of its worker',
    load: async () => (await import('./run/demo.ts')).configureDemo,
  },
};
