import type { MiddlewareHandler } from 'hono';
import type { StudioEnv } from '../ports.ts';

/** No inline script and no inline style: a text of a stranger that is not escaped could still do nothing. */
export const pagePolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `media-src 'self'`,
  `connect-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Headers of all responses under /studio. */
export function pageHeaders(): MiddlewareHandler<StudioEnv> {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    headers.set('content-security-policy', pagePolicy);
    // With `no-referrer`, browsers send `Origin: null` with forms of the same origin.
    headers.set('referrer-policy', 'same-origin');
    headers.set('x-content-type-options', 'nosniff');
    headers.set('cross-origin-opener-policy', 'same-origin');
    headers.set('cross-origin-resource-policy', 'same-origin');
  };
}
