import { z } from 'zod';
import { egressConfig, parse, type Env } from './config.ts';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
const logFormats = ['json', 'pretty'] as const;

const port = z.coerce.number().int().min(1).max(65_535);
const slots = z.coerce.number().int().positive().max(10_000);
/** One of them asks for the runs that the worker knows already, so the SDK wants two. */
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
  WORKER_POLLERS: pollers.exactOptional(),
  WORKER_RATE_SUBMIT: rate.exactOptional(),
  WORKER_RATE_POLL: rate.exactOptional(),
  WORKER_RATE_DOWNLOAD: rate.exactOptional(),
  WORKER_BUILD_ID: z.string().exactOptional(),
});

const tracesSchema = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).exactOptional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .transform((text, context) => {
      const pairs = text.split(',').map((part) => /^\s*([^=\s]+)\s*=(.*)$/.exec(part));
      if (pairs.includes(null)) context.addIssue('is not a list of name=value');
      return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', (pair?.[2] ?? '').trim()]));
    })
    .default({}),
});

/** Where spans go, for workers and commands; undefined where nobody wants them. @throws {ConfigError} */
export function tracesConfig(env: Env) {
  const settings = parse(tracesSchema, env);
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  return { url, headers: settings.OTEL_EXPORTER_OTLP_HEADERS, ...egressConfig(env) };
}

/** How a worker is run and watched; it says nothing about videos. @throws {ConfigError} */
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
    },
    pollers: settings.WORKER_POLLERS,
    rates: {
      submit: settings.WORKER_RATE_SUBMIT,
      poll: settings.WORKER_RATE_POLL,
      download: settings.WORKER_RATE_DOWNLOAD,
    },
    traces: tracesConfig(env),
    ...(settings.WORKER_BUILD_ID !== undefined && { buildId: settings.WORKER_BUILD_ID }),
  };
}
