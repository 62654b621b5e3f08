import { createMcpHandler, type AuthInfo } from '@modelcontextprotocol/server';
import type { Context, Hono } from 'hono';
import { readBodyText } from '../serve/bodies/read-body-text.ts';
import { ApiError } from '../serve/http/api-error.ts';
import { authentication } from '../serve/http/authentication.ts';
import { demandOwnOrigin } from '../serve/http/own-origin.ts';
import { rateLimiting } from '../serve/http/rate-limiting.ts';
import { contentLink } from '../serve/links/content-link.ts';
import { maxLinkSeconds } from '../serve/links/signed-link.ts';
import type { ServeEnv } from '../serve/ports.ts';
import { apiIdOf } from '../identity/tenant-video.ts';
import { createMcpServer } from './create-mcp-server.ts';
import type { McpCaller, McpPorts } from './ports.ts';

/** Path of the MCP face. */
export const mcpPath = '/mcp';

/**
 * Adds `/mcp` to the HTTP API: streamable HTTP without sessions, for clients of 2026 and of 2025, with the same API keys
 * and limits as `/v1`.
 */
export function addMcp(app: Hono<ServeEnv>, ports: McpPorts): void {
  const callers = new WeakMap<AuthInfo, McpCaller>();
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const caller = authInfo && callers.get(authInfo);
      if (!caller) throw new Error('The MCP handler lost the caller of a request');
      return createMcpServer(ports, caller);
    },
    {
      // The lists are fixed: a subscription would only hold a connection.
      maxSubscriptions: 0,
      onerror: (error) => ports.onError(error, 'mcp'),
    },
  );
  app.use(mcpPath, async ({ req }, next) => {
    demandOwnOrigin(req, { publicUrl: ports.publicUrl, isRequired: false });
    await next();
  });
  app.use(mcpPath, authentication(ports));
  app.use(mcpPath, rateLimiting(ports));
  app.all(mcpPath, async (context) => {
    const caller = callerOf(context, ports);
    const { name, keyId } = caller.tenant;
    // The key itself was checked above, and no tool needs it.
    const authInfo: AuthInfo = { token: '', clientId: keyId ?? name, scopes: [] };
    callers.set(authInfo, caller);
    return handler.fetch(await limited(context.req.raw), { authInfo });
  });
}

/**
 * The SDK limits the size of a body, but waits for it without a limit of time. And it takes the arrays of calls that
 * clients of early 2025 could send: the rate limit counts requests, so a request is one call.
 *
 * @throws {ApiError} 400, 408, 413
 */
async function limited(request: Request): Promise<Request> {
  if (request.method !== 'POST') return request;
  const { url, method, headers, signal } = request;
  const body = await readBodyText(request);
  if (body.trimStart().startsWith('[')) {
    const message = 'Send each call in a request of its own: an array of calls is not supported';
    throw new ApiError(400, 'invalid_request', { message });
  }
  return new Request(url, { method, headers, signal, body });
}

function callerOf(context: Context<ServeEnv>, ports: McpPorts): McpCaller {
  const tenant = context.get('tenant');
  const { publicUrl = new URL(context.req.url).origin } = ports;
  return {
    tenant,
    requestId: () => context.get('requestId'),
    serverUrl: publicUrl,
    linkOf: ({ status }) => {
      if (!status.video) return null;
      const videoId = apiIdOf(status.videoId);
      const link = { videoId, tenant, expiresInSeconds: maxLinkSeconds };
      const { url: uri, expires_at: expiresAt } = contentLink(context.req, ports, link);
      return { uri, expiresAt };
    },
  };
}
