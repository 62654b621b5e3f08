import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { responseSchemas } from '../../src/serve/api/components.ts';
import { operations } from '../../src/serve/api/open-api.ts';
import { plainApp } from './plain-app.ts';

async function page() {
  const { app } = await plainApp();
  const response = await app.request('http://127.0.0.1:8787/docs');
  return { text: await response.text(), policy: response.headers.get('content-security-policy') };
}

test('the page of the documentation has every route and schema, and links that lead there', async () => {
  const { text } = await page();
  for (const { operationId } of operations) expect(text).toContain(`id="${operationId}"`);
  for (const name of Object.keys(responseSchemas)) expect(text).toContain(`id="schema-${name}"`);
  const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(links.filter((link) => !ids.has(link))).toEqual([]);
});

test('the page of the documentation begins with its title, so a phone shows it before the menu', async () => {
  const { text } = await page();
  expect(text.indexOf('<h1>')).toBeGreaterThan(0);
  expect(text.indexOf('<h1>')).toBeLessThan(text.indexOf('<nav'));
});

test('the page of the documentation loads nothing, and its policy allows its own style only', async () => {
  const { text, policy } = await page();
  expect(text).not.toMatch(/<script|<img|<link|src=|url\(|@import/i);
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(policy).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  expect(text).not.toMatch(/ style="/);
});

test('the page of the documentation shows commands that call this server', async () => {
  const { text } = await page();
  expect(text).toContain('http://127.0.0.1:8787/v1/videos');
  expect(text).toContain('Bearer $ONETAKE_API_KEY');
});

test('a strange Host header does not become markup', async () => {
  const { app } = await plainApp();
  const response = await app.request('/docs', { headers: { host: '"><script>alert(1)</script>' } });
  expect(await response.text()).not.toContain('<script>');
});
