import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { defaultMaxJobs } from '../contract/admission.ts';
import {
  defaultHost,
  type HostGeneration,
  hostGenerations,
} from '../contract/models/evaluate-request.ts';
import { defaultBaseUrl } from '../contract/defaults.ts';
import { pollScheduleNames } from '../contract/poll-delay.ts';
import type { taskQueues } from '../contract/task-queues.ts';
import { proxyFor, type ProxySettings } from '../egress/proxy-for.ts';
import { readProxies } from '../egress/read-proxies.ts';

const queueNames = [
  'workflows',
  'submit',
  'poll',
  'download',
] as const satisfies (keyof typeof taskQueues)[];

export type Env = Record<string, string | undefined>;

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
  GATEWAY_ACCOUNT: z.string().exactOptional(),
  GATEWAY_FAKE_IPS: z.enum(['auto', 'refuse']).default('auto'),
});

const folderOrBucket = z.string().transform((text, context) => {
  try {
    if (text.startsWith('s3://')) return bucketOf(text);
    if (text.startsWith('file://')) return { folder: fileURLToPath(text) };
    if (!text.includes('://')) return { folder: resolve(text) };
    throw new TypeError('no such kind of storage');
  } catch {
    context.addIssue(`"${text}" is neither a folder nor s3://<bucket>/<prefix>`);
    return z.NEVER;
  }
});

/** Names that need no quoting anywhere, none of them hidden: `.unfinished` is ours. */
function bucketOf(text: string): { bucket: string; prefix: string } {
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/((?:\w[\w.-]*(?:\/|$))*))?$/.exec(text) ?? [];
  if (bucket === undefined) throw new TypeError('no bucket');
  return { bucket, prefix: prefix.replace(/\/$/, '') };
}

const storageSchema = z.object({
  STORAGE_URL: folderOrBucket.default(() => ({ folder: resolve('storage') })),
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).exactOptional(),
  S3_ADDRESSING: z.enum(['path', 'virtual']).exactOptional(),
  AWS_REGION: z.string().exactOptional(),
  AWS_ACCESS_KEY_ID: z.string().exactOptional(),
  AWS_SECRET_ACCESS_KEY: z.string().exactOptional(),
  AWS_SESSION_TOKEN: z.string().exactOptional(),
});

/** What servers that are not Amazon's call their only region. */
const anyRegion = 'us-east-1';

const generation = { GATEWAY_GENERATION: z.enum(hostGenerations).default(defaultHost) };

export const workerSchema = z.object({
  VIDEO_DEADLINE_MINUTES: z.coerce
    .number()
    .positive()
    .max(26 * 60)
    .default(30),
  POLL_SCHEDULE: z.enum(pollScheduleNames).default('beat'),
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

/** Each slice is read on its own: who only asks for a status needs no API key. @throws {ConfigError} */
export function gatewayConfig(env: Env) {
  const settings = parse(gatewaySchema, env);
  return {
    baseUrl: settings.GATEWAY_BASE_URL,
    apiKey: settings.GATEWAY_API_KEY,
    trustedOrigins: settings.GATEWAY_TRUSTED_ORIGINS,
    ...(settings.GATEWAY_FAKE_IPS === 'refuse' && { fakeIps: settings.GATEWAY_FAKE_IPS }),
    ...egressConfig(env),
    ...(settings.GATEWAY_ACCESS_TOKEN !== undefined && {
      accessToken: settings.GATEWAY_ACCESS_TOKEN,
    }),
    ...(settings.GATEWAY_USER_ID !== undefined && { userId: settings.GATEWAY_USER_ID }),
    ...(settings.GATEWAY_ACCOUNT !== undefined && { account: settings.GATEWAY_ACCOUNT }),
  };
}

/**
 * A folder, or a bucket with the names that all AWS tools share. Keys that are not set are looked for where the AWS SDK
 * looks: profile, role of the machine. @throws {ConfigError}
 */
export function storageConfig(env: Env) {
  const settings = parse(storageSchema, env);
  const place = settings.STORAGE_URL;
  if ('folder' in place) return place;
  const { S3_ENDPOINT: endpoint, AWS_SESSION_TOKEN: sessionToken } = settings;
  const region = settings.AWS_REGION ?? (endpoint === undefined ? undefined : anyRegion);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  const keys = accessKeyId !== undefined && secretAccessKey !== undefined;
  const token = sessionToken === undefined ? {} : { sessionToken };
  return {
    ...place,
    ...egressConfig(env),
    ...(endpoint !== undefined && { endpoint }),
    ...(settings.S3_ADDRESSING !== undefined && { addressing: settings.S3_ADDRESSING }),
    ...(region !== undefined && { region }),
    ...(keys && { credentials: { accessKeyId, secretAccessKey, ...token } }),
  };
}

/** By which rules the gateway reads requests. @throws {ConfigError} */
export function gatewayGeneration(env: Env): HostGeneration {
  return parse(z.object(generation), env).GATEWAY_GENERATION;
}

/** @throws {ConfigError} */
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
    const address = connectionOptions.address ?? 'localhost:7233';
    const proxy = proxyFor(egressConfig(env).proxies ?? {})(`https://${address}`);
    return { connectionOptions, namespace, address, ...(proxy && { proxy }) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`The Temporal settings cannot be read: ${reason}`, { cause });
  }
}

/**
 * Which proxies everything that leaves this machine takes: the gateway, results, buckets, spans, Temporal.
 *
 * @throws {ConfigError}
 */
export function egressConfig(env: Env): { proxies?: ProxySettings } {
  try {
    const proxies = readProxies(env);
    return proxies ? { proxies } : {};
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** An empty variable counts as not set, as in most shells and compose files. */
export function parse<T extends z.ZodType>(schema: T, env: Env): z.output<T> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${issue?.path.join('.') ?? 'A setting'} ${issue?.message ?? 'is wrong'}`);
}
