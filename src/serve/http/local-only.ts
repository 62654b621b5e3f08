import type { HonoRequest } from 'hono';
import { isLoopback } from '../../config/serve-config.ts';
import { ApiError } from './api-error.ts';

/**
 * For a server without a keys file: only programs on this machine may call it. A web page that is open in a browser on
 * this machine could otherwise create videos: by a form, which needs no CORS, or by a host name of its own that resolves
 * to 127.0.0.1 (DNS rebinding). A reverse proxy would open the server to its network.
 *
 * @throws {ApiError} 403
 */
export function demandLocal(request: HonoRequest): void {
  const host = request.header('host') ?? '';
  if (!isLoopback(hostNameOf(`http://${host}`))) {
    throw forbidden(`Host "${host.slice(0, 100)}" is not this machine`);
  }
  const origin = request.header('origin');
  if (origin !== undefined && origin !== `http://${host}`) {
    throw forbidden(`Origin "${origin.slice(0, 100)}" is another site`);
  }
}

function forbidden(reason: string): ApiError {
  const message =
    `${reason}: without API keys, only programs on this machine may call this server. Create an API key with ` +
    '`onetake keys create <tenant>` and set SERVE_KEYS_FILE';
  return new ApiError(403, 'forbidden', { message });
}

/** Without the brackets of an IPv6 address; empty if it is no address. */
export function hostNameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}
