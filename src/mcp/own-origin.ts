import type { MiddlewareHandler } from 'hono';
import { ApiError } from '../serve/http/api-error.ts';
import type { ServeEnv } from '../serve/ports.ts';

/**
 * Refuses requests that a web page of another site sends, as the MCP specification demands of a server. Without API keys,
 * the authentication also checks the host.
 */
export function demandOwnOrigin(publicUrl: string | undefined): MiddlewareHandler<ServeEnv> {
  const ownOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  return async ({ req }, next) => {
    const origin = req.header('origin');
    const host = req.header('host') ?? '';
    const own = [`http://${host}`, `https://${host}`, ownOrigin];
    if (origin === undefined || own.includes(origin)) return next();
    const message = `Origin "${origin.slice(0, 100)}" is another site`;
    throw new ApiError(403, 'forbidden', { message });
  };
}
