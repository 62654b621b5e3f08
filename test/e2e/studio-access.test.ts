import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createKey, revokeKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { keysPath } from '../serve/tenants/keys-harness.ts';
import { axeViolations } from '../support/axe.ts';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';
import { createServeHarness } from './serve-harness.ts';

const slow = { timeout: 30_000 };

/** A server with an API key of an operator and one of a tenant. */
async function serveWithKeys() {
  const file = await keysPath();
  const operator = await createKey(file, { tenant: 'ops', role: 'operator' });
  const tenant = await createKey(file, { tenant: 'acme' });
  const harness = await createServeHarness({ env: { SERVE_KEYS_FILE: file } });
  const revoke = () => revokeKey(file, operator.entry.id);
  return { ...harness, operator, tenant, revoke };
}

/** A page of another site. @param host `localhost` is another site than 127.0.0.1; another port is not. */
async function foreignPage(html: string, host: 'localhost' | '127.0.0.1') {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>Foreign</title>${html}`);
  });
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('an operator signs in with an API key, and is out with the logout and as soon as the key is revoked', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await serveWithKeys();
  const { server, operator, tenant } = harness;
  const page = await browser.newPage();
  const signIn = async (key: string) => {
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  await page.goto(`${server.url}/studio/spend?days=7`);
  await signIn(tenant.key);
  await page.getByRole('alert').getByText('does not open the studio').waitFor(slow);
  expect(await axeViolations(page)).toEqual([]);
  await signIn(operator.key);
  await page.getByRole('heading', { name: 'Spend' }).waitFor(slow);
  expect(page.url()).toBe(`${server.url}/studio/spend?days=7`);
  const cookies = await page.context().cookies(`${server.url}/studio`);
  expect(cookies.find(({ name }) => name === 'onetake_studio')).toMatchObject({
    httpOnly: true,
    sameSite: 'Strict',
    path: '/studio',
    secure: false,
  });
  expect(await page.context().cookies(`${server.url}/v1/videos`)).toEqual([]);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor(slow);
  await page.goto(`${server.url}/studio/storage`);
  await signIn(operator.key);
  await page.getByRole('heading', { name: 'Storage' }).waitFor(slow);
  await harness.revoke();
  await expect
    .poll(async () => {
      await page.goto(`${server.url}/studio/storage`);
      return page.getByLabel('API key').count();
    }, slow)
    .toBe(1);
  for (const { key } of [operator, tenant]) expect(server.printed()).not.toContain(key.slice(-20));
});

test('a form of another site changes nothing, also when the browser sends the session', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await serveWithKeys();
  const { server, operator } = harness;
  const page = await browser.newPage();
  await page.goto(`${server.url}/studio/events`);
  await page.getByLabel('API key').fill(operator.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Events', exact: true }).waitFor(slow);

  for (const host of ['127.0.0.1', 'localhost'] as const) {
    const form = `<form method="post" action="${server.url}/studio/logout"><button>Free videos</button></form>`;
    await using foreign = await foreignPage(form, host);
    await page.goto(foreign.url);
    const [response] = await Promise.all([
      page.waitForResponse(`${server.url}/studio/logout`),
      page.getByRole('button', { name: 'Free videos' }).click(),
    ]);
    expect(response.status()).toBe(403);
    expect(response.headers()['set-cookie']).toBeUndefined();
  }
  await page.goto(`${server.url}/studio/events`);
  await page.getByRole('heading', { name: 'Events', exact: true }).waitFor(slow);
});

test('a link of another site opens the page for whoever is signed in, and the login for everybody else', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await serveWithKeys();
  const { server, operator } = harness;
  const page = await browser.newPage();
  const target = `${server.url}/studio/storage`;
  await using foreign = await foreignPage(`<a href="${target}">The storage</a>`, 'localhost');
  const follow = async () => {
    await page.goto(foreign.url);
    await page.getByRole('link', { name: 'The storage' }).click();
  };
  await follow();
  await page.getByLabel('API key').fill(operator.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Storage' }).waitFor(slow);
  await follow();
  await page.getByRole('heading', { name: 'Storage' }).waitFor(slow);
  expect(page.url()).toBe(target);
  expect(browser.complaints).toEqual([]);
});
