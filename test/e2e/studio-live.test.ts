import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { html } from 'hono/html';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Html } from '../../src/studio/page/layout.ts';
import { livePages } from '../studio/live-harness.ts';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';

const slow = { timeout: 15_000 };
const clip = new URL('../../src/sandbox-gateway/media/1280x720-4s.mp4', import.meta.url);

/** A server with one live page, which shows what the test puts there. */
async function serveLive(first: Html) {
  const now = { html: first, version: 1, isDown: false, isFinal: false };
  const { app, ports } = await livePages({
    '/page': () =>
      now.isDown
        ? Promise.reject(new Error('down'))
        : Promise.resolve({
            title: 'Page',
            everyMs: 20,
            isFinal: now.isFinal,
            regions: [
              { id: 'region', html: now.html },
              // Shows that a change has arrived that the other region did not take.
              { id: 'count', html: html`<output>version ${now.version}.</output>` },
            ],
          }),
  });
  app.post('/studio/form', async (context) => {
    const fields = Object.fromEntries((await context.req.formData()).entries());
    return context.html(`<p>sent ${JSON.stringify(fields)}</p>`);
  });
  app.post('/studio/logout', (context) => context.redirect('/studio/login', 303));
  app.get('/studio/clip.mp4', async (context) =>
    context.body(new Uint8Array(await readFile(clip))),
  );
  app.get('/studio/login', (context) => context.html('<h1>Sign in</h1>'));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    now,
    show: (next: Html) => {
      now.html = next;
      now.version += 1;
    },
    streams: ports.streams,
    url: `http://127.0.0.1:${port}/studio/page`,
    [Symbol.asyncDispose]: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type LiveServer = Awaited<ReturnType<typeof serveLive>>;

async function arrived(page: Page, { now }: LiveServer): Promise<void> {
  await page.getByText(`version ${now.version}.`).waitFor(slow);
}

function jobForm(jobs: readonly string[], note = ''): Html {
  return html`<p>${note}</p>
    <form method="post" action="/studio/form">
      ${jobs.map(
        (job) =>
          html`<label class="choice"
            ><input type="radio" name="candidate" value="${job}" /><code>${job}</code></label
          >`,
      )}
      <button>Adopt</button> <button type="reset">Reset</button>
    </form>`;
}

test('what is chosen in a form is what is sent, also if the list has changed meanwhile', async (context) => {
  await using browser = await need(context, startBrowser());
  await using server = await serveLive(jobForm(['job-A']));
  const page = await browser.newPage();
  page.setDefaultTimeout(slow.timeout);
  await page.goto(server.url);
  // The focus alone holds the form: a key would choose what has just moved there.
  await page.getByRole('radio', { name: 'job-A' }).focus();
  server.show(jobForm(['job-B', 'job-A', 'job-C']));
  await arrived(page, server);
  expect(await page.getByRole('radio').count()).toBe(1);
  await page.getByRole('radio', { name: 'job-A' }).blur();
  await page.getByRole('radio', { name: 'job-C' }).waitFor(slow);
  await page.getByRole('radio', { name: 'job-A' }).check();
  server.show(jobForm(['job-D', 'job-B', 'job-A', 'job-C']));
  await arrived(page, server);
  await page.getByRole('button', { name: 'Adopt' }).focus();
  expect(await page.getByRole('radio').count()).toBe(3);
  expect(await page.getByRole('radio', { name: 'job-A' }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('radio', { name: 'job-D' }).waitFor(slow);
  await page.getByRole('radio', { name: 'job-B' }).check();
  expect(browser.complaints).toEqual([]);
  await page.getByRole('button', { name: 'Adopt' }).click();
  await page.getByText('sent {"candidate":"job-B"}').waitFor(slow);
});

test('eight open tabs leave room for more: only a tab that is seen has a stream', async (context) => {
  await using browser = await need(context, startBrowser());
  await using server = await serveLive(html`<p>first</p>`);
  const first = await browser.newPage();
  const tabs = [first];
  await first.goto(server.url);
  for (let count = 2; count <= 8; count += 1) {
    await see(tabs.at(-1), false);
    const tab = await first.context().newPage();
    await tab.goto(server.url, slow);
    tabs.push(tab);
  }
  await expect.poll(() => server.streams.size, slow).toBe(1);
  server.show(html`<p>second</p>`);
  await tabs.at(-1)?.getByText('second').waitFor(slow);
  expect(await first.getByText('first').count()).toBe(1);
  await see(first, true);
  await first.getByText('second').waitFor(slow);
});

test('a page that cannot be read says so, and is live again later; its end is said, too', async (context) => {
  await using browser = await need(context, startBrowser());
  await using server = await serveLive(html`<p>first</p>`);
  const page = await browser.newPage();
  page.setDefaultTimeout(slow.timeout);
  await page.goto(server.url);
  const state = page.locator('.live');
  await state.getByText('Live').waitFor(slow);
  expect(await state.getAttribute('aria-live')).toBe('off');
  server.now.isDown = true;
  await state.getByText('Cannot be read').waitFor(slow);
  expect(await state.getAttribute('aria-live')).toBe('polite');
  server.now.isDown = false;
  await state.getByText('Live').waitFor(slow);
  server.now.isFinal = true;
  await state.getByText('This will not change any more').waitFor(slow);
  await expect.poll(() => server.streams.size, slow).toBe(0);
});

test('details that a person has opened stay open when their content changes', async (context) => {
  const details = (text: string) =>
    html`<details>
      <summary>More</summary>
      <p>${text}</p>
    </details>`;
  await using browser = await need(context, startBrowser());
  await using server = await serveLive(details('first'));
  const page = await browser.newPage();
  page.setDefaultTimeout(slow.timeout);
  await page.goto(server.url);
  await page.getByText('More').click();
  server.show(details('second one'));
  await page.getByText('second one').waitFor(slow);
});

test('a thumbnail plays under the pointer, and only there', async (context) => {
  const isPaused = () => thumbnail.evaluate((video) => (video as unknown as Video).paused);
  await using browser = await need(context, startBrowser());
  await using server = await serveLive(
    html`<ul class="sheet">
      <li><video data-thumbnail muted loop src="/studio/clip.mp4"></video></li>
    </ul>`,
  );
  const page = await browser.newPage();
  page.setDefaultTimeout(slow.timeout);
  await page.goto(server.url);
  const thumbnail = page.locator('video');
  await page.locator('.live').getByText('Live').waitFor(slow);
  expect(await isPaused()).toBe(true);
  await thumbnail.hover();
  await expect.poll(isPaused, slow).toBe(false);
  await page.mouse.move(0, 0);
  await expect.poll(isPaused, slow).toBe(true);
});

test('a sign-out leads all tabs to the login', async (context) => {
  await using browser = await need(context, startBrowser());
  await using server = await serveLive(
    html`<form method="post" action="/studio/logout"><button>Leave</button></form>`,
  );
  const page = await browser.newPage();
  page.setDefaultTimeout(slow.timeout);
  const other = await page.context().newPage();
  await page.goto(server.url);
  await other.goto(server.url);
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor(slow);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor(slow);
});

interface Video {
  paused: boolean;
}

/** All pages of this browser count as seen, so the test says which ones are. */
async function see(page: Page | undefined, isSeen: boolean): Promise<void> {
  const state = isSeen ? 'visible' : 'hidden';
  await page?.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
     document.dispatchEvent(new Event('visibilitychange'));`,
  );
}
