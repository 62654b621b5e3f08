import type { Configure } from './context.ts';

export interface CommandEntry {
  summary: string;
  load: () => Promise<Configure>;
}

/** All commands, in the order of the help. Their modules are loaded when they are run. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  generate: {
    summary: 'make a video: one paid submit, watched until it is stored',
    load: async () => (await import('./generate.ts')).configureGenerate,
  },
  watch: {
    summary: 'come back to a video and follow it',
    load: async () => (await import('./watch.ts')).configureWatch,
  },
  status: {
    summary: 'say once where a video stands',
    load: async () => (await import('./status.ts')).configureStatus,
  },
  list: {
    summary: 'list videos, newest first',
    load: async () => (await import('./list.ts')).configureList,
  },
  cancel: {
    summary: 'stop a video, and say what that achieved',
    load: async () => (await import('./cancel.ts')).configureCancel,
  },
  unresolved: {
    summary: 'list the submits whose outcome is unknown',
    load: async () => (await import('./unresolved.ts')).configureUnresolved,
  },
  resolve: {
    summary: 'decide a submit whose outcome is unknown',
    load: async () => (await import('./resolve.ts')).configureResolve,
  },
  adopt: {
    summary: 'deliver a job that exists at the gateway; pays nothing',
    load: async () => (await import('./adopt.ts')).configureAdopt,
  },
  worker: {
    summary: 'run a worker: submits, polls and downloads',
    load: async () => (await import('./worker.ts')).configureWorker,
  },
  dev: {
    summary: 'try it out: server, UI, sandbox gateway and worker in one',
    load: async () => (await import('./dev.ts')).configureDev,
  },
  sandbox: {
    summary: 'run the sandbox gateway, which costs nothing',
    load: async () => (await import('./sandbox.ts')).configureSandbox,
  },
  doctor: {
    summary: 'check server, workers, key and storage',
    load: async () => (await import('./doctor.ts')).configureDoctor,
  },
  demo: {
    summary: 'see a paid video survive the death of its worker',
    load: async () => (await import('./demo.ts')).configureDemo,
  },
};
