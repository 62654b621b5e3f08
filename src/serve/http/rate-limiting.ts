import type { MiddlewareHandler } from 'hono';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { ApiError } from './api-error.ts';

/** Limits the requests per second of each API key. Runs after the authentication. */
export function rateLimiting({ rateLimit }: ServePorts): MiddlewareHandler<ServeEnv> {
  return async (context, next) => {
    const { keyId, name } = context.get('tenant');
    const decision = rateLimit.take(keyId ?? name);
    if (!decision.ok) throw tooMany(decision.retryAfterSeconds);
    await next();
  };
}

function tooMany(retryAfterSeconds: number): ApiError {
  const message = `Too many requests with this API key; try again in ${retryAfterSeconds} s`;
  return new ApiError(429, 'rate_limit_exceeded', { message, retryAfterSeconds });
}
