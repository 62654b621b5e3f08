import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { ApiError } from '../../serve/http/api-error.ts';
import { demandLocal } from '../../serve/http/local-only.ts';
import { demandOwnOrigin } from '../../serve/http/own-origin.ts';
import type { ServePorts } from '../../serve/ports.ts';
import type { Tenant } from '../../serve/tenants/tenant.ts';
import type { StudioEnv } from '../ports.ts';
import { demandOwnHost } from './own-site.ts';
import { readSession, sessionCookie } from './session.ts';

/** What the access to the studio depends on. */
export type AccessPorts = Pick<ServePorts, 'authenticate' | 'links' | 'publicUrl' | 'now'>;

/** Paths that say nothing about videos. */
const openPath = /^\/studio\/(login|language|assets\/.*)$/;

/**
 * Who may use the studio. Without a keys file: browsers on this machine. With one: browsers that signed in with the API
 * key of an operator, for as long as that key is active.
 *
 * @throws {ApiError} 401 | 403
 */
export function studioAccess(ports: AccessPorts): MiddlewareHandler<StudioEnv> {
  return async (context, next) => {
    const { req } = context;
    const isLocal = (await localTenant(ports)) !== null;
    if (isLocal) demandLocal(req);
    else demandOwnHost(req, ports.publicUrl);
    const publicUrl = isLocal ? undefined : ports.publicUrl;
    if (!isRead(req.method)) demandOwnOrigin(req, { publicUrl, isRequired: true });
    const tenant = await visitor(context, ports);
    if (tenant) context.set('tenant', tenant);
    else if (!openPath.test(req.path)) return toLogin(context);
    return next();
  };
}

/** Who looks at a page; null if a login is needed, or is needed again. */
export async function visitor(context: Context, ports: AccessPorts): Promise<Tenant | null> {
  return (await localTenant(ports)) ?? (await signedIn(context, ports));
}

/** The tenant of callers without a login; null if there is a keys file. */
export async function localTenant({ authenticate }: AccessPorts): Promise<Tenant | null> {
  const tenant = await authenticate(null);
  return tenant?.keyId === null ? tenant : null;
}

/** The operator of a session; null if there is none, or it is over. */
async function signedIn(context: Context, { links, now }: AccessPorts): Promise<Tenant | null> {
  const cookie = getCookie(context, sessionCookie);
  if (cookie === undefined) return null;
  const [claimed = ''] = cookie.split('.');
  // Before the secret is read: it is as of the last look at the keys file.
  const operator = await links.operator(claimed);
  const session = readSession(cookie, { secret: links.linkSecret(), nowMs: now() });
  return session && operator;
}

/** @throws {ApiError} 401 to players, scripts and streams: they cannot show a login. */
function toLogin(context: Context): Response {
  const { req } = context;
  const target = req.header('sec-fetch-dest') ?? 'document';
  if (target !== 'document' || /\btext\/event-stream\b/.test(req.header('accept') ?? '')) {
    throw new ApiError(401, 'login_required', { message: 'Sign in at /studio/login' });
  }
  const { pathname, search } = new URL(req.url);
  const next = isRead(req.method) ? pathname + search : '/studio';
  return context.redirect(`/studio/login?${String(new URLSearchParams({ next }))}`, 303);
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
