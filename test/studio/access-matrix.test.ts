import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { admissionWorkflowType } from '../../src/contract/admission.ts';
import { createKey, revokeKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { openTenants } from '../../src/serve/tenants/open-tenants.ts';
import type { ServeEnv } from '../../src/serve/ports.ts';
import { addStudio } from '../../src/studio/studio-app.ts';
import { keysPath } from '../serve/tenants/keys-harness.ts';
import { ownForm } from './access-harness.ts';
import { studioHarness } from './studio-harness.ts';

/** What anybody may see: nothing about videos. */
const open = [
  'GET /studio/login',
  'POST /studio/login',
  'POST /studio/language',
  'GET /studio/assets/:version/:name',
];

/** All pages and forms of the studio, on a server with a keys file, and a session. */
async function matrix(change: Parameters<typeof studioHarness>[0] = {}) {
  const file = await keysPath();
  const { key, entry } = await createKey(file, { tenant: 'ops', role: 'operator' });
  const clock = { ms: 0 };
  const tenants = await openTenants(file, {
    now: () => clock.ms,
    onError: (error) => {
      throw error;
    },
  });
  const { ports, calls } = await studioHarness({
    ...change,
    ports: (made) => ({
      ...change.ports?.(made),
      authenticate: tenants.authenticate,
      links: tenants,
    }),
  });
  const app = new Hono<ServeEnv>();
  addStudio(app, ports);
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => `${method} ${path}`);
  const send = (route: string, headers: Record<string, string> = {}, body = 'a=b') => {
    const [method = 'GET', path = ''] = route.split(' ');
    const address = path.replaceAll(/:\w+(\{[^}]*\})?/g, 'video%2Fcat');
    const init = method === 'GET' ? {} : { body };
    return app.request(address, { method, headers: { ...ownForm, ...headers }, ...init });
  };
  const login = await send('POST /studio/login', {}, String(new URLSearchParams({ key })));
  const session = { cookie: (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
  const revoke = async () => {
    await revokeKey(file, entry.id);
    clock.ms += 1_000;
  };
  return { routes: [...new Set(routes)], send, calls, session, revoke };
}

describe('with a keys file', () => {
  test('every page and form needs the login, and nothing is read or sent before it', async () => {
    const { routes, send, calls } = await matrix();
    expect(routes.length).toBeGreaterThan(20);
    const seen: string[] = [];
    for (const route of routes) {
      const response = await send(route);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect([route, policy]).toEqual([route, expect.stringContaining("frame-ancestors 'none'")]);
      const isAtLogin = (response.headers.get('location') ?? '').startsWith('/studio/login?');
      if (!isAtLogin) seen.push(route);
    }
    expect(seen.toSorted()).toEqual(open.toSorted());
    expect(calls).toEqual([]);
  });

  test('every form of another site is refused, also with a session', async () => {
    const { routes, send, calls, session } = await matrix();
    expect((await send('GET /studio/spend', session)).status).toBe(200);
    const before = calls.length;
    const forms = routes.filter((route) => !route.startsWith('GET '));
    for (const route of forms) {
      for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:3000']) {
        const headers = { ...session, origin, 'sec-fetch-site': 'cross-site' };
        expect([route, (await send(route, headers)).status]).toEqual([route, 403]);
      }
    }
    expect(calls).toHaveLength(before);
  });

  test('all that is not a page is a form, so nothing is changed by a link', async () => {
    const { routes } = await matrix();
    const methods = new Set(routes.map((route) => route.split(' ')[0]));
    expect(methods).toEqual(new Set(['GET', 'POST']));
  });
});

test('a page that is open gets no more changes after its key is revoked', async () => {
  let reads = 0;
  let nowMs = Date.now();
  const { send, session, revoke } = await matrix({
    script: { list: [{ workflowId: 'admission/1', type: admissionWorkflowType }] },
    ports: ({ videos }) => ({
      // Later than all that is shared, at each look.
      now: () => (nowMs += 10_000),
      videos: {
        ...videos,
        limits: {
          ...videos.limits,
          status: () => Promise.reject(new Error(`read ${(reads += 1)}`)),
        },
      },
    }),
  });
  const response = await send('GET /studio/spend/caps?live=', session);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  while (!seen.includes('read 1')) seen += (await reader?.read())?.value ?? '';
  await revoke();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    seen += part.value;
  }
  expect(reads).toBeGreaterThan(1);
  expect(seen).not.toContain('read 2');
});
