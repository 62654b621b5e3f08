import type { MiddlewareHandler } from 'hono';
import { linkedVideo, linkTenant } from '../links/link-tenant.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { ApiError } from './api-error.ts';
import { demandLocal } from './local-only.ts';

/** Requires the API key of a tenant, `Authorization: Bearer <key>`, or a signed link. @throws {ApiError} 401 | 403 */
export function authentication(ports: ServePorts): MiddlewareHandler<ServeEnv> {
  return async (context, next) => {
    const linked = linkedVideo(context.req);
    const header = context.req.header('authorization');
    const [, given = null] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
    const tenant =
      linked === null
        ? await ports.authenticate(given)
        : await linkTenant(context.req, ports, linked);
    if (!tenant) throw unauthorized(header !== undefined);
    if (tenant.keyId === null) demandLocal(context.req);
    context.set('tenant', tenant);
    await next();
  };
}

function unauthorized(isGiven: boolean): ApiError {
  const message = isGiven
    ? 'The API key is unknown or revoked; `onetake keys create` makes one'
    : 'Missing API key: send "Authorization: Bearer <key>"';
  return new ApiError(401, 'invalid_api_key', { message });
}
