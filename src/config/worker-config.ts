import { z } from 'zod';
import { defaultMaxJobs } from '../contract/admission.ts';
import { pollScheduleNames } from '../contract/poll-delay.ts';
import type { PriceList } from '../contract/price/price-of.ts';
import type { taskQueues } from '../contract/task-queues.ts';
import { generation } from './gateway-config.ts';
import { parse, type Env } from './settings.ts';

const queueNames = [
  'workflows',
  'submit',
  'poll',
  'download',
  'webhooks',
] as const satisfies (keyof typeof taskQueues)[];

const price = z.strictObject({
  perVideo: z.number().nonnegative().exactOptional(),
  perSecond: z.number().nonnegative().exactOptional(),
});

const prices = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('is not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), price));

/** The settings of a worker, unparsed. */
export const workerSchema = z.object({
  VIDEO_DEADLINE_MINUTES: z.coerce
    .number()
    .positive()
    .max(26 * 60)
    .default(30),
  POLL_SCHEDULE: z.enum(pollScheduleNames).default('learned'),
  POLL_SPEED: z.coerce.number().positive().default(1),
  VIDEO_CHECKS: z.enum(['strict', 'lenient']).default('strict'),
  DOWNLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(4 * 1024 ** 3),
  GATEWAY_MAX_JOBS: z.coerce.number().int().nonnegative().default(defaultMaxJobs),
  GATEWAY_PRICES: prices.default({}),
  GATEWAY_ACCOUNT_EXCLUSIVE: z.enum(['on', 'off']).default('off'),
  GATEWAY_MODEL_CHECK: z.enum(['on', 'off']).default('on'),
  ...generation,
  WORKFLOW_BUNDLE: z.string().exactOptional(),
  WORKER_QUEUES: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(queueNames)))
    .default([...queueNames]),
});

/** `GATEWAY_PRICES`, without reading other settings of workers. @throws {ConfigError} */
export function ownPrices(env: Env): PriceList {
  return parse(workerSchema.pick({ GATEWAY_PRICES: true }), env).GATEWAY_PRICES;
}

/** Settings of a worker. @throws {ConfigError} */
export function workerConfig(env: Env) {
  const settings = parse(workerSchema, env);
  return {
    deadlineMs: settings.VIDEO_DEADLINE_MINUTES * 60_000,
    schedule: settings.POLL_SCHEDULE,
    speed: settings.POLL_SPEED,
    maxBytes: settings.DOWNLOAD_MAX_BYTES,
    checks: settings.VIDEO_CHECKS,
    maxJobs: settings.GATEWAY_MAX_JOBS,
    prices: settings.GATEWAY_PRICES,
    exclusiveAccount: settings.GATEWAY_ACCOUNT_EXCLUSIVE === 'on',
    checksModels: settings.GATEWAY_MODEL_CHECK === 'on',
    host: settings.GATEWAY_GENERATION,
    queues: settings.WORKER_QUEUES,
    ...(settings.WORKFLOW_BUNDLE !== undefined && { workflowBundle: settings.WORKFLOW_BUNDLE }),
  };
}
