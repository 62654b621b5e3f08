import { describe, expect, test } from 'vitest';
import { accessHarness, ownForm } from './access-harness.ts';

type Headers = Record<string, string>;

const { origin: own, 'sec-fetch-site': _site, ...plain } = ownForm;
const foreign: [string, Headers][] = [
  ['another site', { ...plain, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  [
    'another site that claims to be the same',
    { ...plain, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  ],
  [
    'another port of this machine',
    { ...plain, origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' },
  ],
  ['another name of this machine', { ...plain, origin: 'http://localhost:8787' }],
  ['a sandboxed page', { ...plain, origin: 'null' }],
  [
    'a sandboxed page of another site',
    { ...plain, origin: 'null', 'sec-fetch-site': 'cross-site' },
  ],
  ['a program without an origin', plain],
  ['an address bar', { ...plain, 'sec-fetch-site': 'none' }],
];

describe.each([true, false])('a form, with keys file: %s,', (withKeys) => {
  const open = async () => {
    const harness = await accessHarness({ withKeys });
    return { ...harness, session: withKeys ? await harness.signIn() : {} };
  };

  test.each(foreign)('of %s is refused, and changes nothing', async (_name, headers) => {
    const { post, seen, session } = await open();
    const response = await post('/studio/spend', {}, { ...headers, ...session });
    expect(response.status).toBe(403);
    expect(seen).toEqual([]);
  });

  test('of the studio is accepted', async () => {
    const { post, seen, session } = await open();
    expect((await post('/studio/spend', {}, { ...ownForm, ...session })).status).toBe(303);
    expect(seen).toEqual(['changed']);
  });

  test('is accepted without an origin if the browser says that it is of the same origin', async () => {
    const { post, seen, session } = await open();
    await post('/studio/spend', {}, { ...plain, 'sec-fetch-site': 'same-origin', ...session });
    expect(seen).toEqual(['changed']);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'sent with %s needs the origin too',
    async (method) => {
      const { app, session } = await open();
      const headers = { host: plain.host, origin: 'https://evil.example', ...session };
      expect((await app.request('/studio/spend', { method, headers })).status).toBe(403);
    },
  );
});

describe('without a keys file', () => {
  test.each(['rebound.example:8787', '127.0.0.1.example', ''])(
    'the host "%s" is refused',
    async (host) => {
      const { get } = await accessHarness({ withKeys: false });
      expect((await get('/studio/spend', { host })).status).toBe(403);
    },
  );
});

describe('behind SERVE_PUBLIC_URL', () => {
  const publicUrl = 'https://video.example';

  test.each([
    'video.example',
    'video.example:443',
    'VIDEO.example',
    '127.0.0.1:8787',
    'localhost',
    '[::1]:8787',
  ])('the host %s is accepted', async (host) => {
    const { get } = await accessHarness({ publicUrl });
    expect((await get('/studio/login', { host })).status).toBe(200);
  });

  test.each(['rebound.example', 'video.example:8443', 'video.example.evil.example', ''])(
    'the host "%s" is refused, and the message names the setting',
    async (host) => {
      const { get } = await accessHarness({ publicUrl });
      const response = await get('/studio/login', { host });
      expect([response.status, await response.text()]).toEqual([
        403,
        expect.stringContaining('SERVE_PUBLIC_URL'),
      ]);
    },
  );

  test.each([
    ['passes the host on', { host: 'video.example' }],
    ['sends a host of its own', { host: '127.0.0.1:8787' }],
  ])('a proxy that %s works, and the cookie is for https only', async (_name, host) => {
    const { post, operator } = await accessHarness({ publicUrl });
    const headers = { ...ownForm, ...host, origin: publicUrl };
    const response = await post('/studio/login', { key: operator.key }, headers);
    expect(response.status).toBe(303);
    expect(response.headers.get('set-cookie')).toContain('; Secure');
  });

  test('the same site without TLS is another origin', async () => {
    const { post, operator } = await accessHarness({ publicUrl });
    const headers = { ...ownForm, host: 'video.example', origin: 'http://video.example' };
    expect((await post('/studio/login', { key: operator.key }, headers)).status).toBe(403);
  });

  test('the address on this machine works too, without TLS', async () => {
    const { post, operator } = await accessHarness({ publicUrl });
    const response = await post('/studio/login', { key: operator.key });
    expect(response.status).toBe(303);
    expect(response.headers.get('set-cookie')).not.toContain('Secure');
    expect(own).toBe('http://127.0.0.1:8787');
  });
});
