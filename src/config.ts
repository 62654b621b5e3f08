import { resolve } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { defaultBaseUrl } from './contract/defaults.ts';
import { pollScheduleNames } from './contract/poll-delay.ts';
import type { taskQueues } from './contract/task-queues.ts';

const queueNames = [
  'workflows',
  'submit',
  'poll',
  'download',
] as const satisfies (keyof typeof taskQueues)[];

type Env = Record<string, string | undefined>;

/** A setting that is missing or wrong; the message names it and says what to set. */
export class ConfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
  }
}

const origin = z.string().transform((text, context) => {
  try {
    const { origin: found, protocol } = new URL(text);
    if (/^https?:$/.test(protocol)) return found;
    throw new TypeError(protocol);
  } catch {
    context.addIssue(`"${text}" is not an http(s) address`);
    return z.NEVER;
  }
});

const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(origin));

const gatewaySchema = z.object({
  GATEWAY_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .default(defaultBaseUrl),
  GATEWAY_API_KEY: z
    .string({ error: 'is not set: put the API key of the gateway there' })
    .min(1, 'is empty'),
  GATEWAY_TRUSTED_ORIGINS: origins.default([]),
  GATEWAY_ACCESS_TOKEN: z.string().exactOptional(),
  GATEWAY_USER_ID: z.string().exactOptional(),
});

const storageSchema = z.object({ STORAGE_DIR: z.string().default('storage') });

const workerSchema = z.object({
  VIDEO_DEADLINE_MINUTES: z.coerce
    .number()
    .positive()
    .max(26 * 60)
    .default(30),
  POLL_SCHEDULE: z.enum(pollScheduleNames).default('beat'),
  POLL_SPEED: z.coerce.number().positive().default(1),
  DOWNLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(4 * 1024 ** 3),
  BALANCE_WITNESS: z.enum(['on', 'off']).default('off'),
  WORKFLOW_BUNDLE: z.string().exactOptional(),
  WORKER_QUEUES: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(queueNames)))
    .default([...queueNames]),
});

/** Each slice is read on its own: who only asks for a status needs no API key. @throws {ConfigError} */
export function gatewayConfig(env: Env) {
  const settings = parse(gatewaySchema, env);
  return {
    baseUrl: settings.GATEWAY_BASE_URL,
    apiKey: settings.GATEWAY_API_KEY,
    trustedOrigins: settings.GATEWAY_TRUSTED_ORIGINS,
    ...(settings.GATEWAY_ACCESS_TOKEN !== undefined && {
      accessToken: settings.GATEWAY_ACCESS_TOKEN,
    }),
    ...(settings.GATEWAY_USER_ID !== undefined && { userId: settings.GATEWAY_USER_ID }),
  };
}

/** @throws {ConfigError} */
export function storageConfig(env: Env) {
  return { folder: resolve(parse(storageSchema, env).STORAGE_DIR) };
}

/** @throws {ConfigError} */
export function workerConfig(env: Env) {
  const settings = parse(workerSchema, env);
  return {
    deadlineMs: settings.VIDEO_DEADLINE_MINUTES * 60_000,
    schedule: settings.POLL_SCHEDULE,
    speed: settings.POLL_SPEED,
    maxBytes: settings.DOWNLOAD_MAX_BYTES,
    witness: settings.BALANCE_WITNESS === 'on',
    queues: settings.WORKER_QUEUES,
    ...(settings.WORKFLOW_BUNDLE !== undefined && { workflowBundle: settings.WORKFLOW_BUNDLE }),
  };
}

/**
 * Address, namespace, TLS and API key by the names that all Temporal tools share: `TEMPORAL_ADDRESS`,
 * `TEMPORAL_NAMESPACE`, `TEMPORAL_TLS…`, `TEMPORAL_API_KEY`, or a profile in `temporal.toml`. @throws {ConfigError}
 */
export function temporalConfig(env: Env) {
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(
        Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    });
    return { connectionOptions, namespace, address: connectionOptions.address ?? 'localhost:7233' };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`The Temporal settings cannot be read: ${reason}`, { cause });
  }
}

/** An empty variable counts as not set, as in most shells and compose files. */
function parse<T extends z.ZodType>(schema: T, env: Env): z.output<T> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${issue?.path.join('.') ?? 'A setting'} ${issue?.message ?? 'is wrong'}`);
}
