import { Hono } from 'hono';
import { html } from 'hono/html';
import { expect, test } from 'vitest';
import { localPath } from '../../src/studio/page/form.ts';
import { createLivePages } from '../../src/studio/page/live-page.ts';
import type { StudioEnv } from '../../src/studio/ports.ts';
import { origin, studioHarness } from './studio-harness.ts';

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

test('a live page is whole at once, and its stream sends the regions that change', async () => {
  const harness = await studioHarness();
  const app = new Hono<StudioEnv>();
  let text = 'one <b>';
  app.use(async (context, next) => {
    context.set('lang', 'en');
    context.set('tenant', { name: 'local', keyId: null });
    await next();
  });
  createLivePages(app, harness.ports)('/page', () =>
    Promise.resolve({
      title: 'Page',
      regions: [
        { id: 'fixed', html: html`<p>same</p>` },
        { id: 'moving', html: html`<p>${text}</p>` },
      ],
    }),
  );
  const page = await (await app.request(`${origin}/page`)).text();
  expect(page).toContain('<p>one &lt;b&gt;</p>');
  expect(page).toContain('data-live="/page?live="');
  const stream = await app.request(`${origin}/page?live=`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const until = async (wanted: string) => {
    while (!seen.includes(wanted)) seen += (await reader?.read())?.value ?? '';
  };
  await until('one &lt;b>'.replace('>', '&gt;'));
  text = 'two';
  seen = '';
  await until('two');
  expect(seen).not.toContain('same');
  await reader?.cancel();
});
