import { z } from 'zod';
import { parse, type Env } from './settings.ts';
import { tracesConfig } from './traces-config.ts';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
const logFormats = ['json', 'pretty'] as const;

const port = z.coerce.number().int().min(1).max(65_535);
const slots = z.coerce.number().int().positive().max(10_000);
/** The SDK requires at least two, because one polls the sticky queue. */
const pollers = z.coerce.number().int().min(2).max(100);
const rate = z.coerce.number().positive();

const operateSchema = z.object({
  METRICS_PORT: port.exactOptional(),
  METRICS_HOST: z.string().default('0.0.0.0'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  LOG_FORMAT: z.enum(logFormats).exactOptional(),
  WORKER_SLOTS_SUBMIT: slots.default(20),
  WORKER_SLOTS_POLL: slots.default(100),
  WORKER_SLOTS_DOWNLOAD: slots.default(4),
  WORKER_SLOTS_WEBHOOKS: slots.default(50),
  WORKER_POLLERS: pollers.exactOptional(),
  WORKER_RATE_SUBMIT: rate.exactOptional(),
  WORKER_RATE_POLL: rate.exactOptional(),
  WORKER_RATE_DOWNLOAD: rate.exactOptional(),
  WORKER_RATE_WEBHOOKS: rate.exactOptional(),
  WORKER_BUILD_ID: z.string().exactOptional(),
});

/** Settings for operating a worker: metrics, logs, slots, rates, traces. @throws {ConfigError} */
export function operateConfig(env: Env) {
  const settings = parse(operateSchema, env);
  return {
    ...(settings.METRICS_PORT !== undefined && {
      metrics: { host: settings.METRICS_HOST, port: settings.METRICS_PORT },
    }),
    log: {
      level: settings.LOG_LEVEL,
      ...(settings.LOG_FORMAT !== undefined && { format: settings.LOG_FORMAT }),
    },
    slots: {
      submit: settings.WORKER_SLOTS_SUBMIT,
      poll: settings.WORKER_SLOTS_POLL,
      download: settings.WORKER_SLOTS_DOWNLOAD,
      webhooks: settings.WORKER_SLOTS_WEBHOOKS,
    },
    pollers: settings.WORKER_POLLERS,
    rates: {
      submit: settings.WORKER_RATE_SUBMIT,
      poll: settings.WORKER_RATE_POLL,
      download: settings.WORKER_RATE_DOWNLOAD,
      webhooks: settings.WORKER_RATE_WEBHOOKS,
    },
    traces: tracesConfig(env),
    ...(settings.WORKER_BUILD_ID !== undefined && { buildId: settings.WORKER_BUILD_ID }),
  };
}
