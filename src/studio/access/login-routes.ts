import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { createRateLimit, type RateLimit } from '../../serve/limits/rate-limit.ts';
import { localPath, readForm, seeOther } from '../page/form.ts';
import type { StudioEnv } from '../ports.ts';
import { accessTexts } from '../texts/access.ts';
import { inLanguage } from '../texts/in-language.ts';
import { followPage, loginPage } from './login-page.ts';
import { sessionCookie, sessionSeconds, signSession } from './session.ts';
import { localTenant, visitor, type AccessPorts } from './studio-access.ts';

/**
 * Protects the CPU: API keys cannot be guessed at any rate. Behind a proxy all people share one address, so a stranger who
 * tries keys must not lock them out.
 */
const attempts = { perSecond: 20, burst: 100 };
const cookiePath = '/studio';

/** Signs browsers in and out. @param logins Attempts of each address. */
export function loginRoutes(
  app: Hono<StudioEnv>,
  ports: AccessPorts,
  { logins = createRateLimit(attempts) }: { logins?: RateLimit } = {},
): void {
  app.get('/login', async (context) => {
    const next = localPath(context.req.query('next') ?? null);
    // A link of another site: the browser keeps the cookie back, so whether it is signed in is not known yet.
    const isForeign = context.req.header('sec-fetch-site') === 'cross-site';
    if (isForeign && !(await localTenant(ports))) {
      return context.html(followPage(context.get('lang'), next));
    }
    if (await visitor(context, ports)) return seeOther(context, next);
    return context.html(loginPage(context.get('lang'), { next }));
  });
  app.post('/login', async (context) => {
    const texts = inLanguage(accessTexts, context.get('lang'));
    const decision = logins.take(addressOf(context));
    const fields = await readForm(context);
    const next = localPath(fields.get('next'));
    const refuse = (status: 403 | 429, fault: string) =>
      context.html(loginPage(context.get('lang'), { next, fault }), status);
    if (!decision.ok) {
      context.header('retry-after', String(decision.retryAfterSeconds));
      return refuse(429, texts.tooMany(decision.retryAfterSeconds));
    }
    const tenant = await ports.authenticate((fields.get('key') ?? '').trim());
    if (!tenant?.isOperator || tenant.keyId === null) return refuse(403, texts.refused);
    openSession(context, tenant.keyId, ports);
    return seeOther(context, next);
  });
  app.post('/logout', (context) => {
    deleteCookie(context, sessionCookie, { path: cookiePath });
    return seeOther(context, '/studio/login');
  });
}

function openSession(context: Context, keyId: string, { links, now, publicUrl }: AccessPorts) {
  const expiresAtSeconds = Math.floor(now() / 1_000) + sessionSeconds;
  // The origin was checked, so it is the address that the browser uses, also behind a proxy that ends TLS.
  const origin = context.req.header('origin') ?? 'null';
  const address = origin === 'null' ? (publicUrl ?? context.req.url) : origin;
  setCookie(context, sessionCookie, signSession({ keyId, expiresAtSeconds }, links.linkSecret()), {
    path: cookiePath,
    httpOnly: true,
    sameSite: 'Strict',
    secure: address.startsWith('https:'),
    maxAge: sessionSeconds,
  });
}

/** Behind a proxy all have its address: what a proxy says about callers can be forged. */
function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? 'unknown';
  } catch {
    // Not a connection of Node's server.
    return 'unknown';
  }
}
