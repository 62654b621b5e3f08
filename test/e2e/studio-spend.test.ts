import { expect, test } from 'vitest';
import { admissionId } from '../../src/identity/admission-id.ts';
import { axeViolations } from '../support/axe.ts';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';
import { playing } from './requests.ts';
import { createServeHarness } from './serve-harness.ts';

const slow = { timeout: 30_000 };

test('a paid video is in the charts and tables, and a person caps the next ones', async (context) => {
  await using browser = await need(context, startBrowser());
  const { newPage, complaints } = browser;
  await using harness = await createServeHarness();
  const { client, server, env } = harness;
  const { videoId } = await client.start(playing('dl-ok'), { key: 'paid', tags: ['launch'] });
  expect(await client.wait(videoId)).toMatchObject({ outcome: 'stored' });

  const page = await newPage();
  await page.goto(`${server.url}/studio/spend`);
  const tags = page.getByRole('region', { name: 'By tag' });
  await tags.getByRole('rowheader', { name: 'launch' }).waitFor(slow);
  await page.getByRole('img', { name: /^Jobs a day/ }).waitFor(slow);

  await page.getByRole('link', { name: 'Slots and caps' }).click();
  await page.getByRole('link', { name: 'Change limits' }).click();
  await page.getByRole('group', { name: 'A day (UTC)' }).getByLabel('Videos').fill('7');
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Review the change' }).click();
  await page.getByRole('row', { name: 'All videos, a day: Videos no limit 7' }).waitFor(slow);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Change the limits' }).click();
  await page.getByText('The limits were changed.').waitFor(slow);
  await page.getByText('1 of 7 videos').waitFor(slow);
  const gateway = new URL(env['GATEWAY_BASE_URL'] ?? '').origin;
  const account = admissionId({ gateway, key: env['GATEWAY_API_KEY'] ?? '' });
  expect(await client.limits.status(account)).toMatchObject({ limits: { perDay: { videos: 7 } } });
  expect(complaints).toEqual([]);
});

test('a test event of a webhook is sent from the page, and its delivery appears', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await createServeHarness();
  const { server } = harness;
  const response = await fetch(`${server.url}/v1/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: 'https://hooks.invalid/onetake' }),
  });
  expect(response.status).toBe(200);
  const page = await browser.newPage();
  await page.goto(`${server.url}/studio/events`);
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await page.getByText('One delivery was started.').waitFor(slow);
  const deliveries = page.getByRole('region', { name: 'Deliveries' });
  await deliveries.getByText('webhook.test').waitFor(slow);
  expect(browser.complaints).toEqual([]);
});
