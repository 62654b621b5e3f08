import { z } from 'zod';
import { origins } from './gateway-config.ts';
import { parse, type Env } from './settings.ts';

const webhooksSchema = z.object({
  WEBHOOKS_TRUSTED_ORIGINS: origins.default([]),
});

/** Settings of outgoing webhooks. @throws {ConfigError} */
export function webhooksConfig(env: Env) {
  const settings = parse(webhooksSchema, env);
  return {
    /** Origins where http, IP addresses and private addresses are allowed. */
    trustedOrigins: settings.WEBHOOKS_TRUSTED_ORIGINS,
  };
}
