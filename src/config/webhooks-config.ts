import { z } from 'zod';
import { origins } from './gateway-config.ts';
import { parse, type Env } from './settings.ts';

const webhooksSchema = z.object({
  WEBHOOKS_TRUSTED_ORIGINS: origins.default([]),
  WEBHOOKS_SPEED: z.coerce.number().positive().default(1),
});

/** Settings of outgoing webhooks. @throws {ConfigError} */
export function webhooksConfig(env: Env) {
  const settings = parse(webhooksSchema, env);
  return {
    /** Origins where http, IP addresses and private addresses are allowed. */
    trustedOrigins: settings.WEBHOOKS_TRUSTED_ORIGINS,
    /** Divides the waits between attempts, for tests. */
    speed: settings.WEBHOOKS_SPEED,
  };
}
