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

/** Percent-encoded, as the specification of OpenTelemetry has its lists in variables. */
const pairs = z
  .string()
  .transform((text, context) => {
    const parts = text.split(',').filter((part) => part.trim() !== '');
    const found = parts.map((part) => /^\s*([^=\s]+)\s*=(.*)$/.exec(part));
    if (found.includes(null)) context.addIssue('is not a list of name=value');
    return Object.fromEntries(
      found.map((pair) => [decoded(pair?.[1] ?? ''), decoded((pair?.[2] ?? '').trim())]),
    );
  })
  .default({});

/** A percent sign that encodes nothing is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const address = z.url({ protocol: /^https?$/ }).exactOptional();

/** The standard variables of OpenTelemetry; the SDK would read them from the process alone, not from `.env`. */
const tracesSchema = z.object({
  OTEL_SDK_DISABLED: z.string().default('false'),
  OTEL_TRACES_EXPORTER: z.string().default('otlp'),
  OTEL_SERVICE_NAME: z.string().exactOptional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_EXPORTER_OTLP_ENDPOINT: address,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address,
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs,
});

/** Where spans go, for workers and commands; undefined where nobody wants them. @throws {ConfigError} */
export function tracesConfig(env: Env) {
  const settings = parse(tracesSchema, env);
  const url = settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? belowEndpoint(settings);
  const isDisabled = settings.OTEL_SDK_DISABLED.trim().toLowerCase() === 'true';
  if (url === undefined || isDisabled || settings.OTEL_TRACES_EXPORTER === 'none') return undefined;
  const headers = {
    ...settings.OTEL_EXPORTER_OTLP_HEADERS,
    ...settings.OTEL_EXPORTER_OTLP_TRACES_HEADERS,
  };
  const name = settings.OTEL_SERVICE_NAME;
  const resource = {
    'service.name': 'onetake',
    ...settings.OTEL_RESOURCE_ATTRIBUTES,
    ...(name !== undefined && { 'service.name': name }),
  };
  return { url, headers, resource, ...egressConfig(env) };
}

function belowEndpoint({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
}: z.output<typeof tracesSchema>): string | undefined {
  return endpoint === undefined ? undefined : `${endpoint.replace(/\/+$/, '')}/v1/traces`;
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
