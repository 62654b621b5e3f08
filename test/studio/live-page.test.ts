import { html } from 'hono/html';
import { expect, test } from 'vitest';
import { ApiError } from '../../src/serve/http/api-error.ts';
import { eventReader, livePages } from './live-harness.ts';
import { origin } from './studio-harness.ts';

const page = `${origin}/studio/page`;
const live = `${page}?live=0`;

function textPage(text: string) {
  return { title: 'Page', regions: [{ id: 'text', html: html`<p>${text}</p>` }] };
}

test('a live page is whole at once, and its stream sends the regions that change', async () => {
  let text = 'one <b>';
  const { app } = await livePages({
    '/page': () =>
      Promise.resolve({
        title: 'Page',
        everyMs: 1,
        regions: [
          { id: 'fixed', html: html`<p>same</p>` },
          { id: 'moving', html: html`<p>${text}</p>` },
        ],
      }),
  });
  const whole = await (await app.request(page)).text();
  expect(whole).toContain('<p>one &lt;b&gt;</p>');
  expect(whole).toContain('data-live="/studio/page?live=1000000"');
  const events = eventReader(await app.request(live));
  await events.until('one &lt;b&gt;');
  text = 'two';
  expect(await events.until('two')).not.toContain('same');
  await events.close();
});

test('a page that cannot be read says so once, is reported once, and is open again when it can be read', async () => {
  let isDown = false;
  let reads = 0;
  const { app, errors } = await livePages({
    '/page': () => {
      reads += 1;
      return isDown
        ? Promise.reject(new Error(`down ${reads}`))
        : Promise.resolve({ ...textPage(`read ${reads}`), everyMs: 1 });
    },
  });
  const events = eventReader(await app.request(live));
  await events.until('read 2');
  isDown = true;
  await events.until('data: problem');
  expect(errors).toHaveLength(1);
  // Somebody who comes now does not take the page for a live one.
  const other = eventReader(await app.request(live));
  await other.until('data: problem');
  isDown = false;
  await events.until('data: open');
  expect(errors).toHaveLength(1);
  await Promise.all([events.close(), other.close()]);
});

test('the stream of a page that is no longer there ends, and says so', async () => {
  let isThere = true;
  const { app, errors } = await livePages({
    '/page': () =>
      isThere
        ? Promise.resolve({ ...textPage('here'), everyMs: 1 })
        : Promise.reject(new ApiError(404, 'not_found', { message: 'gone' })),
  });
  const events = eventReader(await app.request(live));
  await events.until('here');
  isThere = false;
  expect(await events.rest()).toContain('event: state\ndata: gone\n\n');
  expect(errors).toEqual([]);
});

test('a page that cannot change any more ends its stream after the last regions; opened later, it has none', async () => {
  let isFinal = false;
  const { app } = await livePages({
    '/page': () =>
      Promise.resolve({ ...textPage(isFinal ? 'stored' : 'running'), everyMs: 1, isFinal }),
  });
  const events = eventReader(await app.request(live));
  await events.until('running');
  isFinal = true;
  const rest = await events.rest();
  expect(rest.indexOf('data: ended')).toBeGreaterThan(rest.indexOf('stored'));
  expect(await (await app.request(page)).text()).not.toContain('data-live');
});

test('a viewer gets nothing that was read before its own page', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  let reads = 0;
  const { app, advance } = await livePages({
    '/page': async () => {
      reads += 1;
      const text = `read ${reads}`;
      if (reads === 2) await gate;
      return { ...textPage(text), everyMs: 1 };
    },
  });
  const first = eventReader(await app.request(live));
  await first.until('read 1');
  await expect.poll(() => reads).toBe(2);
  advance(1_000);
  const second = eventReader(await app.request(`${page}?live=1000500`));
  open();
  expect(await second.until('read 3')).not.toMatch(/read [12]/);
  await Promise.all([first.close(), second.close()]);
});

test('a page of another site opens no stream', async () => {
  const { app, ports } = await livePages({ '/page': () => Promise.resolve(textPage('here')) });
  for (const site of ['cross-site', 'same-site', 'none']) {
    const response = await app.request(live, { headers: { 'sec-fetch-site': site } });
    expect(response.status).toBe(403);
  }
  expect(ports.streams.size).toBe(0);
});

test('a viewer too many is asked to come again, and one that leaves makes room', async () => {
  const { app } = await livePages({ '/page': () => Promise.resolve(textPage('here')) });
  const open: Response[] = [];
  for (let count = 0; count < 200; count += 1) open.push(await app.request(live));
  expect(open.every(({ status }) => status === 200)).toBe(true);
  const refused = await app.request(live);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await open[0]?.body?.cancel();
  await expect.poll(async () => (await app.request(live)).status).toBe(200);
  for (const { body } of open.slice(1)) await body?.cancel();
});
