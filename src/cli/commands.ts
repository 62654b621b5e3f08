import { batchCommands } from './batch/batch.ts';
import type { CommandEntry, Configure } from './context.ts';
import { keysCommands } from './keys/keys.ts';
import { limitsCommands } from './limits/limits.ts';
import { mcpCommands } from './mcp/mcp.ts';
import { scheduleCommands } from './schedule/schedule.ts';
import { storageCommands } from './storage/storage.ts';
import { webhooksCommands } from './webhooks/webhooks.ts';

/** Commands about one thing, e.g. `batch run` and `batch status`. */
export interface CommandGroup {
  summary: string;
  commands: Readonly<Record<string, CommandEntry>>;
  /** The command that the group name runs without a subcommand. */
  alone?: () => Promise<Configure>;
}

/** All commands, in the order of the help. A module is loaded when its command runs. */
export const commands: Readonly<Record<string, CommandEntry | CommandGroup>> = {
  generate: {
    summary: 'make a video: submit it once, follow it until it is stored',
    load: async () => (await import('./video/generate.ts')).configureGenerate,
  },
  quote: {
    summary: 'show what a request makes and costs, without starting it',
    load: async () => (await import('./models/quote.ts')).configureQuote,
  },
  models: {
    summary: 'list models, what they accept, and what they cost',
    load: async () => (await import('./models/models.ts')).configureModels,
  },
  watch: {
    summary: 'follow a video',
    load: async () => (await import('./video/watch.ts')).configureWatch,
  },
  status: {
    summary: "show a video's status",
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
    summary: 'cancel a video, and report the effect',
    load: async () => (await import('./video/cancel.ts')).configureCancel,
  },
  unresolved: {
    summary: 'list submits with an unknown outcome',
    load: async () => (await import('./video/unresolved.ts')).configureUnresolved,
  },
  resolve: {
    summary: 'decide a submit with an unknown outcome',
    load: async () => (await import('./video/resolve.ts')).configureResolve,
  },
  adopt: {
    summary: 'deliver an existing job of the gateway, at no cost',
    load: async () => (await import('./video/adopt.ts')).configureAdopt,
  },
  batch: { summary: 'make the videos of a file, each paid at most once', commands: batchCommands },
  schedule: { summary: 'run a batch on a schedule', commands: scheduleCommands },
  limits: {
    summary: 'show running jobs, spending and limits; set limits',
    alone: async () => (await import('./limits/show.ts')).configureLimitsShow,
    commands: limitsCommands,
  },
  ledger: {
    summary: 'show what was paid, and reconcile it with the gateway',
    load: async () => (await import('./ledger/ledger.ts')).configureLedger,
  },
  storage: {
    summary: 'show storage usage; delete leftovers and old videos',
    alone: async () => (await import('./storage/usage.ts')).configureStorageUsage,
    commands: storageCommands,
  },
  studio: {
    summary: 'open the pages for people in the browser',
    load: async () => (await import('./run/studio.ts')).configureStudio,
  },
  serve: {
    summary: 'run the HTTP API, in the shapes of OpenAI and new-api, and the studio',
    load: async () => (await import('./run/serve.ts')).configureServe,
  },
  mcp: {
    summary: 'give agents tools for videos, by MCP on stdin and stdout',
    alone: async () => (await import('./mcp/stdio.ts')).configureMcp,
    commands: mcpCommands,
  },
  keys: { summary: 'create, list and revoke API keys of the HTTP API', commands: keysCommands },
  webhooks: { summary: 'send signed events to your services', commands: webhooksCommands },
  worker: {
    summary: 'run a worker, which submits, polls and downloads',
    load: async () => (await import('./run/worker.ts')).configureWorker,
  },
  stats: {
    summary: 'show request counts, success rates and times of the workers',
    load: async () => (await import('./run/stats.ts')).configureStats,
  },
  dev: {
    summary: 'run a Temporal server, UI, sandbox gateway and worker together',
    load: async () => (await import('./run/dev.ts')).configureDev,
  },
  sandbox: {
    summary: 'run the sandbox gateway, at no cost',
    load: async () => (await import('./run/sandbox.ts')).configureSandbox,
  },
  'codec-server': {
    summary: 'decode encrypted payloads for the Temporal UI',
    load: async () => (await import('./run/codec-server.ts')).configureCodecServer,
  },
  doctor: {
    summary: 'check server, workers, API key and storage',
    load: async () => (await import('./run/doctor.ts')).configureDoctor,
  },
  demo: {
    summary: 'kill a worker during a video, and see the video delivered',
    load: async () => (await import('./run/demo.ts')).configureDemo,
  },
};
