import type { z } from 'zod';

/** Environment variables, e.g. `process.env`. */
export type Env = Record<string, string | undefined>;

/** A setting is missing or invalid. The message names it and a valid value. */
export class ConfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
  }
}

/** Validates variables. An empty variable counts as not set, as in most shells. @throws {ConfigError} */
export function parse<T extends z.ZodType>(schema: T, env: Env): z.output<T> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${issue?.path.join('.') ?? 'A setting'} ${issue?.message ?? 'is wrong'}`);
}
