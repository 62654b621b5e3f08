import { describe, expect, test } from 'vitest';
import { accessHarness, ownForm } from './access-harness.ts';

const hostile = [
  'https://evil.example/studio',
  '//evil.example/studio',
  '/\\evil.example/studio',
  '\\\\evil.example',
  '/studio/..//evil.example',
  '/studio/../v1/videos',
  '/studio\t/../../x',
  '/studiox',
  '/v1/videos',
  'javascript:alert(1)//studio',
  'http:/evil.example',
  'studio@evil.example',
  '',
];

describe('the login', () => {
  test('refuses an unknown key, a revoked key and a key of a tenant alike, and says which key it needs', async () => {
    const { post, revoke, tenant, operator } = await accessHarness();
    await revoke(operator.entry.id);
    const answers = await Promise.all(
      ['ot_ops_wrong', operator.key, tenant.key].map(async (key) => {
        const response = await post('/studio/login', { key });
        return {
          status: response.status,
          cookie: response.headers.get('set-cookie'),
          text: await response.text(),
        };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 403, cookie: null });
    expect(answers[0]?.text).toContain('onetake keys create &lt;tenant&gt; --operator');
    expect(answers[0]?.text).toContain('role="alert"');
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('does not show the key that was sent, nor leave it in an address', async () => {
    const { post, operator, tenant } = await accessHarness();
    const refused = await post('/studio/login', { key: tenant.key });
    expect(await refused.text()).not.toContain(tenant.key.slice(-20));
    const accepted = await post('/studio/login', { key: operator.key });
    expect(accepted.headers.get('location')).not.toContain('ot_');
  });

  test('takes the key from a form only, not from the address', async () => {
    const { get, post, operator } = await accessHarness();
    const query = `/studio/login?key=${operator.key}`;
    expect((await get(query)).headers.get('set-cookie')).toBeNull();
    const response = await post(query, {});
    expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('limits the attempts of an address, also with the right key, and says when to try again', async () => {
    const { post, operator, clock } = await accessHarness();
    for (let attempt = 0; attempt < 3; attempt += 1) await post('/studio/login', { key: 'wrong' });
    const response = await post('/studio/login', { key: operator.key });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await response.text()).toContain('Try again in 10 s');
    clock.ms += 10_000;
    expect((await post('/studio/login', { key: operator.key })).status).toBe(303);
  });

  test('50 wrong keys of a stranger do not lock out an operator behind the same proxy', async () => {
    const { post, operator } = await accessHarness({ limit: 'default' });
    for (let attempt = 0; attempt < 50; attempt += 1) await post('/studio/login', { key: 'wrong' });
    expect((await post('/studio/login', { key: operator.key })).status).toBe(303);
  });

  test.each(hostile)('never leads to another site: next=%j', async (next) => {
    const { get, post, operator, signIn } = await accessHarness();
    const accepted = await post('/studio/login', { key: operator.key, next });
    expect(accepted.headers.get('location')).toBe('/studio');
    const query = `/studio/login?${String(new URLSearchParams({ next }))}`;
    expect((await get(query, await signIn())).headers.get('location')).toBe('/studio');
    expect(await (await get(query)).text()).not.toContain('evil');
    expect(await (await get(query, { 'sec-fetch-site': 'cross-site' })).text()).not.toContain(
      'evil',
    );
  });

  test('escapes the page that it leads to', async () => {
    const { get } = await accessHarness();
    const next = '/studio/spend?tag="><script>alert(1)</script>';
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }]) {
      const query = `/studio/login?${String(new URLSearchParams({ next }))}`;
      expect(await (await get(query, headers)).text()).not.toContain('<script>');
    }
  });

  test('reached by a link of another site continues by itself, once, so that the browser sends its session', async () => {
    const { get, signIn } = await accessHarness();
    const crossSite = { 'sec-fetch-site': 'cross-site' };
    const session = await signIn();
    const opened = await get('/studio/spend?days=7', crossSite);
    const login = opened.headers.get('location') ?? '';
    const page = await (await get(login, crossSite)).text();
    const [, target = ''] = /http-equiv="refresh" content="0; url=([^"]*)"/.exec(page) ?? [];
    expect(target).toBe('/studio/spend?days=7');
    expect(page).toContain('<a href="/studio/spend?days=7">');
    expect((await get(target, { ...session, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const form = await get(login, { 'sec-fetch-site': 'same-origin' });
    expect(await form.text()).toContain('type="password"');
  });

  test('is in both languages', async () => {
    const { get } = await accessHarness({ lang: 'zh' });
    const page = await (await get('/studio/login')).text();
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('登录');
  });

  test('by a form of another site is refused, also with the right key', async () => {
    const { post, operator } = await accessHarness();
    const foreign = { ...ownForm, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const response = await post('/studio/login', { key: operator.key }, foreign);
    expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
  });
});
