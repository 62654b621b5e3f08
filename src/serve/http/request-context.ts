import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AccessEntry, ServeEnv, ServePorts } from '../ports.ts';

/** An id of the caller that can be logged and sent back unchanged. */
const safeId = /^[\w.:-]{1,64}$/;

/** Gives each request an id (the caller's `x-request-id`, or a new one) and writes the access log. */
export function requestContext({ now, onResponse }: ServePorts): MiddlewareHandler<ServeEnv> {
  return async (context, next) => {
    const receivedAt = now();
    const given = context.req.header('x-request-id') ?? '';
    const requestId = safeId.test(given) ? given : `req_${randomUUID().replaceAll('-', '')}`;
    context.set('requestId', requestId);
    context.set('receivedAt', receivedAt);
    await next();
    context.header('x-request-id', requestId);
    // Statuses, links and errors are for this caller, now.
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
    const { tenant, errorCode, outcome }: Partial<ServeEnv['Variables']> = context.var;
    const videoId = context.req.param('id');
    const entry: AccessEntry = {
      requestId,
      method: context.req.method,
      route: routePath(context, -1),
      status: context.res.status,
      durationMs: now() - receivedAt,
      ...(tenant && { tenant: tenant.name }),
      ...(tenant?.keyId && { keyId: tenant.keyId }),
      ...(videoId !== undefined && /^video_[0-9a-f]+$/.test(videoId) && { videoId }),
      ...(errorCode !== undefined && { errorCode }),
      ...(outcome && { outcome }),
    };
    onResponse(entry);
  };
}
