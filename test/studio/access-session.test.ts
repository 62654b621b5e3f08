import { describe, expect, test } from 'vitest';
import { signLink } from '../../src/serve/links/signed-link.ts';
import { readSession, sessionSeconds, signSession } from '../../src/studio/access/session.ts';
import { accessHarness, ownForm } from './access-harness.ts';

const hourMs = 3_600_000;

describe('a session', () => {
  test('begins with the API key of an operator, and opens the pages as its tenant', async () => {
    const { post, get, operator } = await accessHarness();
    const response = await post('/studio/login', {
      key: ` ${operator.key}\n`,
      next: '/studio/spend?days=7',
    });
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      '/studio/spend?days=7',
    ]);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^onetake_studio=k_[0-9a-f]+\.\d+\.[\w-]{43}; /);
    expect(cookie.split('; ').slice(1).toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=43200',
      'Path=/studio',
      'SameSite=Strict',
    ]);
    expect(cookie).not.toContain(operator.key);
    const [pair = ''] = cookie.split(';');
    expect(await (await get('/studio/spend', { cookie: pair })).text()).toBe('page of ops');
  });

  test('is needed for every page, and the login leads back to that page', async () => {
    const { get, post, seen } = await accessHarness();
    const response = await get('/studio/spend?days=7&tag=a%26b');
    expect(response.status).toBe(303);
    const { pathname, searchParams } = new URL(response.headers.get('location') ?? '', 'http://x');
    expect([pathname, searchParams.get('next')]).toEqual([
      '/studio/login',
      '/studio/spend?days=7&tag=a%26b',
    ]);
    const posted = await post('/studio/spend');
    expect([posted.status, posted.headers.get('location')]).toEqual([
      303,
      '/studio/login?next=%2Fstudio',
    ]);
    expect(seen).toEqual([]);
  });

  test.each([
    { 'sec-fetch-dest': 'video' },
    { 'sec-fetch-dest': 'empty' },
    { accept: 'text/event-stream' },
  ])('that is missing is 401 for what cannot show a login: %j', async (headers) => {
    const { get } = await accessHarness();
    expect((await get('/studio/spend', headers)).status).toBe(401);
  });

  test('ends after 12 hours', async () => {
    const { get, signIn, clock } = await accessHarness();
    const session = await signIn();
    clock.ms += 12 * hourMs - 1_000;
    expect((await get('/studio/spend', session)).status).toBe(200);
    clock.ms += 1_000;
    expect((await get('/studio/spend', session)).status).toBe(303);
  });

  test('ends at once when its API key is revoked', async () => {
    const { get, signIn, revoke, operator } = await accessHarness();
    const session = await signIn();
    await revoke(operator.entry.id);
    expect((await get('/studio/spend', session)).status).toBe(303);
  });

  test('of another keys file is refused', async () => {
    const other = await accessHarness();
    const { get } = await accessHarness();
    expect((await get('/studio/spend', await other.signIn())).status).toBe(303);
  });

  test('ends with the logout', async () => {
    const { post, get, signIn } = await accessHarness();
    const session = await signIn();
    const response = await post('/studio/logout', {}, { ...ownForm, ...session });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/studio/login']);
    expect(response.headers.get('set-cookie')).toMatch(
      /^onetake_studio=; Max-Age=0; Path=\/studio/,
    );
    expect((await get('/studio/logout', session)).status).toBe(404);
  });

  test('is not needed without a keys file', async () => {
    const { get } = await accessHarness({ withKeys: false });
    expect(await (await get('/studio/spend')).text()).toBe('page of local');
    expect((await get('/studio/login?next=/studio/spend')).headers.get('location')).toBe(
      '/studio/spend',
    );
  });
});

describe('a forged cookie is refused', () => {
  const forge: [
    string,
    (cookie: string, ids: { tenant: string; secret: string; now: number }) => string,
  ][] = [
    ['another signature', (cookie) => `${cookie.slice(0, -2)}AA`],
    ['no signature', (cookie) => cookie.split('.').slice(0, 2).join('.')],
    ['a later end', (cookie) => cookie.replace(/\.(\d+)\./, (_, end) => `.${Number(end) - 60}.`)],
    ['an end that is no number', (cookie) => cookie.replace(/\.\d+\./, '.NaN.')],
    [
      'an end in another notation',
      (cookie) => cookie.replace(/\.(\d+)\./, (_, end) => `.${end}.0.`),
    ],
    ['more parts', (cookie) => `${cookie}.x`],
    ['nothing', () => 'onetake_studio='],
    [
      'a genuine session of a key of a tenant',
      (_, { tenant, secret, now }) => {
        const session = { keyId: tenant, expiresAtSeconds: now + 60 };
        return `onetake_studio=${signSession(session, secret)}`;
      },
    ],
    [
      'a genuine session that is valid for too long',
      (cookie, { secret, now }) => {
        const keyId = /k_[0-9a-f]+/.exec(cookie)?.[0] ?? '';
        const expiresAtSeconds = now + sessionSeconds + 60;
        return `onetake_studio=${signSession({ keyId, expiresAtSeconds }, secret)}`;
      },
    ],
    [
      'the signature of a link',
      (cookie, { secret, now }) => {
        const keyId = /k_[0-9a-f]+/.exec(cookie)?.[0] ?? '';
        const expiresAtSeconds = now + 60;
        const tenant = { name: 'studio-session', keyId };
        const { sig } = signLink({ videoId: keyId, tenant, expiresAtSeconds }, secret);
        return `onetake_studio=${keyId}.${expiresAtSeconds}.${sig}`;
      },
    ],
  ];

  test.each(forge)('%s', async (_name, change) => {
    const { get, signIn, tenant, tenants, clock } = await accessHarness();
    const { cookie } = await signIn();
    const secret = tenants.linkSecret();
    const now = Math.floor(clock.ms / 1_000);
    const forged = change(cookie, { tenant: tenant.entry.id, secret, now });
    expect(forged).not.toBe(cookie);
    expect((await get('/studio/spend', { cookie: forged })).status).toBe(303);
    expect((await get('/studio/spend', { cookie })).status).toBe(200);
  });

  test('a signature of the same session with another secret', () => {
    const session = { keyId: 'k_1', expiresAtSeconds: 100 };
    const cookie = signSession(session, 'one');
    expect(readSession(cookie, { secret: 'one', nowMs: 0 })).toEqual(session);
    expect(readSession(cookie, { secret: 'other', nowMs: 0 })).toBeNull();
  });
});
