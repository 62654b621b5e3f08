import { z } from 'zod';
import { isLoopback } from './serve-config.ts';
import { parse, type Env } from './settings.ts';

const publicUrl = z
  .url({ protocol: /^https?$/, error: 'must be an https address', abort: true })
  .refine((text) => !/[?#@]/.test(text), 'must have no query, fragment or password')
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
  }, 'must be an https address: the callbacks of the gateway cross the internet')
  .transform((text) => text.replace(/\/+$/, ''));

const hooksSchema = z.object({
  HOOKS_PORT: z.coerce.number().int().min(1).max(65_535).exactOptional(),
  HOOKS_HOST: z.string().default('127.0.0.1'),
  HOOKS_PUBLIC_URL: publicUrl.exactOptional(),
});

/**
 * Settings for callbacks of the gateway: where the worker listens for them, and the public address that submits name.
 * Http is allowed for loopback addresses only. @throws {ConfigError}
 */
export function hooksConfig(env: Env) {
  const settings = parse(hooksSchema, env);
  return {
    host: settings.HOOKS_HOST,
    ...(settings.HOOKS_PORT !== undefined && { port: settings.HOOKS_PORT }),
    ...(settings.HOOKS_PUBLIC_URL !== undefined && { publicUrl: settings.HOOKS_PUBLIC_URL }),
  };
}
