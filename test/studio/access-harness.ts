import { Hono } from 'hono';
import { createKey, revokeKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { createRateLimit } from '../../src/serve/limits/rate-limit.ts';
import { openTenants } from '../../src/serve/tenants/open-tenants.ts';
import { loginRoutes } from '../../src/studio/access/login-routes.ts';
import { studioAccess } from '../../src/studio/access/studio-access.ts';
import { errorPage } from '../../src/studio/page/error-page.ts';
import type { StudioEnv } from '../../src/studio/ports.ts';
import { keysPath } from '../serve/tenants/keys-harness.ts';

/** Options of {@link accessHarness}. */
export interface AccessOptions {
  withKeys?: boolean;
  publicUrl?: string;
  lang?: 'en' | 'zh';
  /** `default`: the limit of attempts that the studio has. */
  limit?: 'small' | 'default';
}

/** Headers of a browser at `http://127.0.0.1:8787` that sends a form of the studio. */
export const ownForm = {
  host: '127.0.0.1:8787',
  origin: 'http://127.0.0.1:8787',
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
};

/** The access to a studio with one page, one form and one stream, on a real keys file. */
export async function accessHarness({
  withKeys = true,
  publicUrl,
  lang = 'en',
  limit = 'small',
}: AccessOptions = {}) {
  const path = await keysPath();
  const operator = await createKey(path, { tenant: 'ops', role: 'operator' });
  const tenant = await createKey(path, { tenant: 'acme' });
  const clock = { ms: Date.parse('2026-12-01T08:00:00Z') };
  const tenants = await openTenants(withKeys ? path : undefined, {
    now: () => clock.ms,
    onError: (error) => {
      throw error;
    },
  });
  const ports = {
    authenticate: tenants.authenticate,
    links: tenants,
    now: () => clock.ms,
    ...(publicUrl !== undefined && { publicUrl }),
  };
  const seen: string[] = [];
  const studio = new Hono<StudioEnv>();
  studio.use(async (context, next) => {
    context.set('lang', lang);
    await next();
  });
  studio.use(studioAccess(ports));
  const logins = createRateLimit({ perSecond: 0.1, burst: 3, now: () => clock.ms });
  loginRoutes(studio, ports, limit === 'default' ? {} : { logins });
  studio.get('/spend', (context) => context.text(`page of ${context.get('tenant').name}`));
  studio.post('/spend', (context) => {
    seen.push('changed');
    return context.redirect('/studio/spend', 303);
  });
  studio.onError((error, context) => errorPage(context, error));
  const app = new Hono();
  app.route('/studio', studio);

  const get = (address: string, headers: Record<string, string> = {}) =>
    app.request(address, { headers: { host: ownForm.host, ...headers } });
  const post = (
    address: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = ownForm,
  ) => app.request(address, { method: 'POST', body: String(new URLSearchParams(fields)), headers });
  /** Signs in, and gives the header of the session. */
  const signIn = async (key = operator.key) => {
    const response = await post('/studio/login', { key });
    return { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
  };
  const revoke = async (id: string) => {
    await revokeKey(path, id);
    clock.ms += 1_000;
  };
  return { app, get, post, signIn, revoke, operator, tenant, tenants, clock, seen };
}
