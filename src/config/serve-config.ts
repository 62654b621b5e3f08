import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { ConfigError, parse, type Env } from './settings.ts';

/** What happens to a creating request without `Idempotency-Key`. */
const withoutKeyModes = ['retries', 'identical', 'off'] as const;

/** A full bucket allows this many seconds of requests at once. */
const burstSeconds = 2;

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
  .refine((text) => !/[?#]/.test(text), 'must have no query and no fragment')
  .transform((text) => text.replace(/\/+$/, ''));

const serveSchema = z.object({
  SERVE_HOST: z.string().default('127.0.0.1'),
  SERVE_PORT: z.coerce.number().int().min(0).max(65_535).default(8_787),
  SERVE_KEYS_FILE: z.string().exactOptional(),
  SERVE_WITHOUT_KEY: z.enum(withoutKeyModes).default('retries'),
  SERVE_RATE: z.coerce.number().positive().max(1_000_000).default(50),
  SERVE_STREAMS: z.coerce.number().int().positive().max(100_000).default(50),
  SERVE_PUBLIC_URL: baseUrl.exactOptional(),
  TEMPORAL_UI_URL: baseUrl.exactOptional(),
});

/** {@link serveConfig} */
export type ServeConfig = ReturnType<typeof serveConfig>;

/**
 * Settings of the HTTP API. Without a keys file every request is accepted, so the host must then be a loopback address.
 *
 * @throws {ConfigError}
 */
export function serveConfig(env: Env) {
  const settings = parse(serveSchema, env);
  const { TEMPORAL_UI_URL: temporalUi } = settings;
  const { SERVE_HOST: host, SERVE_KEYS_FILE: keysFile, SERVE_PUBLIC_URL: url } = settings;
  if (keysFile === undefined && !isLoopback(host)) {
    throw new ConfigError(
      `SERVE_KEYS_FILE is not set, and SERVE_HOST "${host}" is not a loopback address: everybody who reaches it could ` +
        'spend money. Create an API key with `onetake keys create <tenant>` and set SERVE_KEYS_FILE, or use 127.0.0.1',
    );
  }
  return {
    host,
    port: settings.SERVE_PORT,
    ...(keysFile !== undefined && { keysFile }),
    withoutKey: settings.SERVE_WITHOUT_KEY,
    rate: {
      perSecond: settings.SERVE_RATE,
      burst: Math.max(1, settings.SERVE_RATE * burstSeconds),
    },
    streamsPerKey: settings.SERVE_STREAMS,
    ...(url !== undefined && { publicUrl: url }),
    ...(temporalUi !== undefined && { temporalUi }),
  };
}

/** The keys file of `onetake keys`, if it is set. Other settings of the HTTP API may be invalid. */
export function keysFileSetting(env: Env): string | undefined {
  return parse(serveSchema.pick({ SERVE_KEYS_FILE: true }), env).SERVE_KEYS_FILE;
}

/** Address under which people reach the HTTP API, if it is set. Other settings of the HTTP API may be invalid. */
export function publicUrlSetting(env: Env): string | undefined {
  return parse(serveSchema.pick({ SERVE_PUBLIC_URL: true }), env).SERVE_PUBLIC_URL;
}

/** Whether a host is this machine only. Names other than `localhost` are not: what they resolve to can change. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return (
    host.toLowerCase() === 'localhost' ||
    (isIPv6(host) && new URL(`http://[${host}]`).hostname === '[::1]')
  );
}
