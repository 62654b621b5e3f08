import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { approveHarness, atHome, pressed } from './approve-harness.ts';

const minute = 60_000;

describe('the page of a quote', () => {
  test('shows what would be made and paid, and approves nothing by being opened', async () => {
    const { app, offer } = await approveHarness();
    const makes = { seconds: 5, resolution: '720p', ratio: '16:9', audio: true, media: [] };
    const prices = { from: 'catalogue', date: '2026-11-20' } as const;
    const { path, isPermitted } = await offer({ makes, prices });
    for (const method of ['GET', 'HEAD', 'GET']) {
      const response = await app.request(path, { method, headers: atHome });
      expect(response.status).toBe(200);
      if (method === 'HEAD') continue;
      const text = await response.text();
      expect(text).toContain('A cat naps in the sun');
      for (const shown of [
        'kling-v1',
        '1.5',
        '5 s, 720p, 16:9, with sound',
        '12:10 UTC',
        'list of 2026-11-20',
      ]) {
        expect(text).toContain(shown);
      }
    }
    expect(await isPermitted()).toBe(false);
  });

  test('approves when its button is pressed, and a reload afterwards sends nothing', async () => {
    const { app, offer } = await approveHarness();
    const { path, isPermitted } = await offer();
    const response = await app.request(path, pressed());
    expect([response.status, response.headers.get('location')]).toEqual([303, path]);
    expect(await isPermitted()).toBe(true);
    const after = await app.request(path, { headers: atHome });
    expect(await after.text()).toMatch(/Approved and used/);
  });

  test('says that it is approved, without a button', async () => {
    const { app, offer } = await approveHarness();
    const { path } = await offer();
    await app.request(path, pressed());
    const text = await (await app.request(path, { headers: atHome })).text();
    expect(text).toContain('let it continue');
    expect(text).not.toMatch(/<button|<form/);
  });

  test('of an expired quote has no button, and its form approves nothing', async () => {
    const { app, offer, clock } = await approveHarness();
    const { path, isPermitted } = await offer();
    clock.ms += 10 * minute;
    const page = await app.request(path, { headers: atHome });
    expect(page.status).toBe(410);
    expect(await page.text()).not.toContain('<button');
    await app.request(path, pressed());
    clock.ms -= 5 * minute;
    expect(await isPermitted()).toBe(false);
  });

  test('of an unknown token, or another tenant without API keys, does not exist', async () => {
    const { app, offer } = await approveHarness();
    const { path } = await offer({ tenant: { name: 'acme', keyId: 'k_1' } });
    for (const address of [path, '/approve/none', `${path}0`]) {
      for (const init of [{ headers: atHome }, pressed()]) {
        const response = await app.request(address, init);
        expect(response.status).toBe(404);
        expect(await response.text()).not.toContain('cat');
      }
    }
  });

  test('loads nothing and runs nothing, also with markup in what an agent wrote', async () => {
    const { app, offer } = await approveHarness();
    const markup = `</blockquote><script>alert(1)</script><img src=x onerror=alert(1)>"'`;
    const makes = {
      seconds: null,
      resolution: markup,
      ratio: markup,
      audio: null,
      media: [{ field: markup, role: markup }],
    };
    const { path } = await offer({ prompt: markup, model: markup, makes });
    const response = await app.request(path, { headers: atHome });
    const text = await response.text();
    expect(text).toContain('&lt;script&gt;alert(1)');
    expect(text).not.toMatch(/<(script|img|link|iframe|object|a)\b|url\(|@import/i);
    expect(text).not.toMatch(/ (style|on\w+)="/);
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
  });

  test('shows a prompt as it is, so that nothing of it is hidden', async () => {
    const { app, offer } = await approveHarness();
    const { path } = await offer({ prompt: ' two\n  lines ' });
    const text = await (await app.request(path, { headers: atHome })).text();
    expect(text).toMatch(/<blockquote[^>]*> two\n {2}lines <\/blockquote>/);
  });

  test('warns that an unknown price is any price', async () => {
    const { app, offer } = await approveHarness();
    const { path } = await offer({ money: null });
    const text = await (await app.request(path, { headers: atHome })).text();
    expect(text).toContain('approve any cost');
  });

  test('is not kept by caches, and its address, which has the token, is not sent elsewhere or logged', async () => {
    const { app, offer, log } = await approveHarness();
    const { path, confirm } = await offer();
    const { headers } = await app.request(path, { headers: atHome });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('set-cookie')).toBeNull();
    await app.request(path, pressed());
    expect(JSON.stringify(log)).not.toContain(confirm);
    expect(log.map(({ route }) => route)).toEqual(['/approve/:token', '/approve/:token']);
  });

  test.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN', '批准制作此视频'],
    ['en-US,en;q=0.9,zh;q=0.8', 'en', 'Approve this video'],
    ['fr, zh;q=0.5', 'zh-CN', '批准制作此视频'],
    ['zh;q=0, en', 'en', 'Approve this video'],
    ['de', 'en', 'Approve this video'],
  ])('for a browser with %s is in %s', async (languages, lang, title) => {
    const { app, offer } = await approveHarness();
    const { path } = await offer();
    const headers = { ...atHome, 'accept-language': languages };
    const text = await (await app.request(path, { headers })).text();
    expect(text).toContain(`<html lang="${lang}">`);
    expect(text).toContain(title);
  });
});

describe('without API keys', () => {
  test.each([
    ['a form of another site', { origin: 'https://evil.example' }],
    ['a form of another port', { origin: 'http://127.0.0.1:9999' }],
    ['a form in a sandboxed frame', { origin: 'null' }],
    ['a program that sends no Origin', { origin: '' }],
    ['a name that resolves here', { host: 'evil.example', origin: 'http://evil.example' }],
  ])('%s approves nothing', async (_what, headers) => {
    const { app, offer } = await approveHarness();
    const { path, isPermitted } = await offer();
    const response = await app.request(path, pressed({}, headers));
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await isPermitted()).toBe(false);
  });

  test('a host name that resolves here cannot read a quote', async () => {
    const { app, offer } = await approveHarness();
    const { path } = await offer();
    const response = await app.request(path, { headers: { host: 'evil.example' } });
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('cat');
  });
});

describe('with API keys', () => {
  test('the form asks for the API key of the tenant, which approves', async () => {
    const { app, offer } = await approveHarness({ hasKeys: true });
    const { path, isPermitted } = await offer();
    const text = await (await app.request(path, { headers: atHome })).text();
    expect(text).toMatch(/<input[^>]*type="password"/);
    expect(text).toContain('acme');
    const response = await app.request(path, pressed({ key: ' acme-key ' }));
    expect(response.status).toBe(303);
    expect(await isPermitted()).toBe(true);
  });

  test.each([
    ['no key', {}],
    ['an empty key', { key: ' ' }],
    ['an unknown key', { key: 'guess' }],
    ['the key of another tenant', { key: 'rival-key' }],
  ])('%s approves nothing, and is not shown again', async (_what, fields) => {
    const { app, offer } = await approveHarness({ hasKeys: true });
    const { path, isPermitted } = await offer();
    const response = await app.request(path, pressed(fields));
    expect(response.status).toBe(403);
    const text = await response.text();
    expect(text).toContain('role="alert"');
    expect(text).not.toContain('rival');
    expect(text).not.toContain('guess');
    expect(await isPermitted()).toBe(false);
  });

  test('a key in the header or the query is not the word of a person', async () => {
    const { app, offer } = await approveHarness({ hasKeys: true });
    const { path, isPermitted } = await offer();
    const headers = { authorization: 'Bearer acme-key' };
    await app.request(`${path}?key=acme-key`, pressed({}, headers));
    expect(await isPermitted()).toBe(false);
  });

  test.each([
    ['a form of another site', { origin: 'https://evil.example' }],
    ['a program that sends no Origin', { origin: '' }],
    ['another kind of body', { 'content-type': 'text/plain' }],
  ])('%s approves nothing, even with the key', async (_what, headers) => {
    const { app, offer } = await approveHarness({ hasKeys: true });
    const { path, isPermitted } = await offer();
    const response = await app.request(path, pressed({ key: 'acme-key' }, headers));
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await isPermitted()).toBe(false);
  });

  test('a form behind a proxy with TLS approves', async () => {
    for (const publicUrl of ['https://video.example', undefined]) {
      const { app, offer } = await approveHarness({
        hasKeys: true,
        ...(publicUrl !== undefined && { publicUrl }),
      });
      const { path, isPermitted } = await offer();
      const headers = {
        origin: 'https://video.example',
        ...(publicUrl === undefined && { host: 'video.example' }),
      };
      const response = await app.request(path, pressed({ key: 'acme-key' }, headers));
      expect(response.status).toBe(303);
      expect(await isPermitted()).toBe(true);
    }
  });
});

test('a storage that does not answer is reported, and approves nothing', async () => {
  const { app, offer, errors, breakStorage } = await approveHarness();
  const { path } = await offer();
  breakStorage();
  for (const init of [{ headers: atHome }, pressed()]) {
    const response = await app.request(path, init);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('the disk is gone');
  }
  expect(errors).toHaveLength(2);
});
