import type { CommandEntry } from '../context.ts';

/** `onetake webhooks …`, in the order of the help. */
export const webhooksCommands: Readonly<Record<string, CommandEntry>> = {
  add: {
    summary: 'add an endpoint, and show its signing secret once',
    load: async () => (await import('./add.ts')).configureWebhooksAdd,
  },
  list: {
    summary: 'list endpoints: address, tenant, events',
    load: async () => (await import('./list.ts')).configureWebhooksList,
  },
  test: {
    summary: 'send a test event to an endpoint, and show what it answers',
    load: async () => (await import('./test-endpoint.ts')).configureWebhooksTest,
  },
  log: {
    summary: 'list deliveries, newest first: attempts, last failure, next attempt',
    load: async () => (await import('./log.ts')).configureWebhooksLog,
  },
  replay: {
    summary: 'deliver an event again',
    load: async () => (await import('./replay.ts')).configureWebhooksReplay,
  },
  rotate: {
    summary: 'give an endpoint a new signing secret beside the current one',
    load: async () => (await import('./rotate.ts')).configureWebhooksRotate,
  },
  remove: {
    summary: 'remove an endpoint; nothing more is sent to it',
    load: async () => (await import('./remove.ts')).configureWebhooksRemove,
  },
};
