import { expect, test } from 'vitest';
import { localPath } from '../../src/studio/page/form.ts';
import { studioHarness } from './studio-harness.ts';

test('an unknown page is a page of the studio, under the strict policy', async () => {
  const { get } = await studioHarness();
  const response = await get('/studio/nothing');
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('There is no such page.');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(response.headers.get('referrer-policy')).toBe('same-origin');
});

test('a page is in the language of the browser, until another one is chosen', async () => {
  const { get, post } = await studioHarness();
  const chinese = await get('/studio/nothing', { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' });
  expect(await chinese.text()).toContain('没有这个页面');
  const chosen = await post('/studio/language', { lang: 'en', back: '/studio/nothing' });
  expect(chosen.status).toBe(303);
  expect(chosen.headers.get('location')).toBe('/studio/nothing');
  const [cookie = ''] = (chosen.headers.get('set-cookie') ?? '').split(';');
  const english = await get('/studio/nothing', { 'accept-language': 'zh-CN', cookie });
  expect(await english.text()).toContain('There is no such page.');
});

test('a request with the name of another host, or from a page of another site, is refused', async () => {
  const { get, post } = await studioHarness();
  expect((await get('/studio/nothing', { host: 'evil.example' })).status).toBe(403);
  const foreign = await post(
    '/studio/language',
    { lang: 'zh' },
    { origin: 'https://evil.example' },
  );
  expect(foreign.status).toBe(403);
  expect(foreign.headers.get('set-cookie')).toBe(null);
});

test.each([
  ['/studio/videos?phase=stored', '/studio/videos?phase=stored'],
  ['//evil.example/studio', '/studio'],
  ['https://evil.example/studio', '/studio'],
  ['/studio/../v1/videos', '/studio'],
  ['/studioevil', '/studio'],
  ['/\\evil.example', '/studio'],
  ['', '/studio'],
  [null, '/studio'],
])('a form returns to a page of the studio only: %s', (given, expected) => {
  expect(localPath(given)).toBe(expected);
});

test('the files that pages refer to exist, and are kept by browsers', async () => {
  const { get } = await studioHarness();
  const page = await (await get('/studio/nothing')).text();
  const paths = [...page.matchAll(/(?:href|src)="(\/studio\/assets\/[^"]+)"/g)].map(
    ([, path]) => path,
  );
  expect(new Set(paths).size).toBe(3);
  for (const path of paths) {
    const file = await get(path ?? '');
    expect(file.status).toBe(200);
    expect(file.headers.get('cache-control')).toContain('immutable');
  }
});
