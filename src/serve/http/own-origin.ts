import type { HonoRequest } from 'hono';
import { isLoopback } from '../../config/serve-config.ts';
import { ApiError } from './api-error.ts';
import { hostNameOf } from './local-only.ts';

/** What {@link demandOwnOrigin} depends on. */
export interface OwnOrigin {
  /** Address of the server, if it is set. */
  publicUrl: string | undefined;
  /** Whether only pages may send the request. Other programs send no `Origin`. */
  isRequired: boolean;
}

/**
 * Refuses what a page of another site sends (CSRF). Browsers send `Origin` with every POST; a form without it must say in
 * another way that it is from here.
 *
 * @throws {ApiError} 403
 */
export function demandOwnOrigin(request: HonoRequest, { publicUrl, isRequired }: OwnOrigin): void {
  const origin = request.header('origin');
  if (origin === undefined && !isRequired) return;
  const isOpaque = origin === undefined || origin === 'null';
  if (isOpaque && request.header('sec-fetch-site') === 'same-origin') return;
  const own = ownOrigins(request, publicUrl);
  if (origin !== undefined && own.includes(origin)) return;
  const message =
    `Origin "${shown(origin ?? '')}" is another site, not "${shown(own[0] ?? '')}". Behind a proxy, set SERVE_PUBLIC_URL ` +
    'to the address that browsers use';
  throw new ApiError(403, 'forbidden', { message });
}

/** Which of them a browser uses depends on the proxy in front: it may end TLS, and pass the host on or not. */
function ownOrigins(request: HonoRequest, publicUrl: string | undefined): string[] {
  const host = request.header('host') ?? '';
  const direct = `http://${host}`;
  if (publicUrl === undefined) return [direct, `https://${host}`];
  return [new URL(publicUrl).origin, ...(isLoopback(hostNameOf(direct)) ? [direct] : [])];
}

function shown(text: string): string {
  return text.slice(0, 100);
}
