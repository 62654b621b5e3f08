import { z } from 'zod';
import { defaultBaseUrl } from '../contract/defaults.ts';
import {
  defaultHost,
  type HostGeneration,
  hostGenerations,
} from '../contract/models/evaluate-request.ts';
import { egressConfig } from './egress-config.ts';
import { parse, type Env } from './settings.ts';

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

/** Origins, separated by commas. */
export const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(origin));

const gatewaySchema = z.object({
  GATEWAY_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .default(defaultBaseUrl),
  GATEWAY_API_KEY: z
    .string({ error: 'is not set: it must be the API key of the gateway' })
    .min(1, 'is empty'),
  GATEWAY_TRUSTED_ORIGINS: origins.default([]),
  GATEWAY_ACCESS_TOKEN: z.string().exactOptional(),
  GATEWAY_USER_ID: z.string().exactOptional(),
  GATEWAY_ACCOUNT: z.string().exactOptional(),
  GATEWAY_FAKE_IPS: z.enum(['auto', 'refuse']).default('auto'),
});

/** The setting that `gatewayGeneration` and the worker's settings share. */
export const generation = { GATEWAY_GENERATION: z.enum(hostGenerations).default(defaultHost) };

/** Settings of the gateway. Separate from other slices, because most commands need no API key. @throws {ConfigError} */
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

/** The generation of the gateway, which determines its rules for requests. @throws {ConfigError} */
export function gatewayGeneration(env: Env): HostGeneration {
  return parse(z.object(generation), env).GATEWAY_GENERATION;
}
