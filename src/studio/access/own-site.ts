import type { HonoRequest } from 'hono';
import { isLoopback } from '../../config/serve-config.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { hostNameOf } from '../../serve/http/local-only.ts';

/**
 * Refuses a host name that is not the server's: a page of another site could give its own name the address of this server
 * (DNS rebinding). Without a public address, the names of the server are not known, and the login protects it.
 *
 * @throws {ApiError} 403
 */
export function demandOwnHost(request: HonoRequest, publicUrl: string | undefined): void {
  if (publicUrl === undefined || isLocal(request)) return;
  const { protocol, host: own } = new URL(publicUrl);
  const host = request.header('host') ?? '';
  const given = `${protocol}//${host}`;
  if (URL.canParse(given) && new URL(given).host === own) return;
  throw forbidden(`Host "${shown(host)}" is not "${own}", the host of SERVE_PUBLIC_URL`);
}

function isLocal(request: HonoRequest): boolean {
  return isLoopback(hostNameOf(`http://${request.header('host') ?? ''}`));
}

function forbidden(reason: string): ApiError {
  const message =
    `${reason}. Open the studio at its own address; behind a proxy, set SERVE_PUBLIC_URL to the address that browsers ` +
    'use';
  return new ApiError(403, 'forbidden', { message });
}

function shown(text: string): string {
  return text.slice(0, 100);
}
