import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';
import { createServeHarness } from './serve-harness.ts';

const slow = { timeout: 60_000 };
const sizes = { desktop: { width: 1_440, height: 900 }, phone: { width: 390, height: 844 } };

test('a person who has never seen a terminal makes a video: model, quote, one payment, progress, file', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await createServeHarness({ speed: 20 });
  const page = await browser.newPage({ viewport: sizes.phone, acceptDownloads: true });
  await page.goto(`${harness.server.url}/studio`);
  await page.getByRole('navigation').getByRole('link', { name: 'New video' }).click();
  await page.getByRole('link', { name: 'SD2.5 720P', exact: true }).click();
  await page.waitForURL(/nonce=/);
  const form = page.url();
  // The first attempt is a mistake: the page says which field, and keeps the others.
  await page.getByLabel('Prompt').fill('A fox runs through fresh snow');
  await page.getByLabel('Length in seconds').fill('soon');
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByRole('alert').getByText('Must be whole seconds').waitFor(slow);
  expect(await page.getByLabel('Prompt').inputValue()).toBe('A fox runs through fresh snow');
  await page.getByLabel('Length in seconds').fill('5');
  await page.getByLabel('Shape').selectOption('16:9');
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByText('4.75, by the recorded price list').waitFor(slow);
  expect(harness.gateway.ledger.posts).toHaveLength(0);
  await page.getByRole('button', { name: 'Pay and make it' }).dblclick();
  await page.getByRole('progressbar').waitFor(slow);
  const address = page.url();
  await page.goBack();
  await page.getByRole('button', { name: 'Pay and make it' }).click();
  await page.waitForURL(address);
  await page.goBack();
  await page.reload();
  await page.getByRole('button', { name: 'Go to the video' }).click();
  await page.waitForURL(address);
  // The same address is the same form, and the same content is the same video.
  await page.goto(form);
  await page.getByLabel('Prompt').fill('A fox runs through fresh snow');
  await page.getByLabel('Length in seconds').fill('5');
  await page.getByLabel('Shape').selectOption('16:9');
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByRole('button', { name: 'Go to the video' }).click();
  await page.waitForURL(address);
  await page.locator('#player').waitFor(slow);
  expect(harness.gateway.ledger.posts).toHaveLength(1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download/ }).click(),
  ]);
  const sha256 = createHash('sha256')
    .update(await readFile(await download.path()))
    .digest('hex');
  expect(await page.getByText(sha256).count()).toBe(1);
  // Chromium reports the page of the mistake, which has status 422.
  expect(browser.complaints.filter((each) => !each.includes('/studio/new/quote'))).toEqual([]);
});

test('without JavaScript the same path works, by reloading', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await createServeHarness();
  const page = await browser.newPage({ javaScriptEnabled: false, locale: 'zh-CN' });
  await page.goto(`${harness.server.url}/studio/new?model=kling-v1`);
  await page.getByLabel('提示词').fill('一只猫在阳光下打盹');
  await page.getByRole('button', { name: '查看价格' }).click();
  await page.getByRole('button', { name: '付费并生成' }).click();
  await page.waitForURL(/\/studio\/videos\//, slow);
  const [started] = await harness.client.list();
  await harness.client.wait(started?.videoId ?? '');
  await page.reload();
  expect(await page.locator('#player').count()).toBe(1);
  expect(harness.gateway.ledger.posts).toHaveLength(1);
  expect(browser.complaints).toEqual([]);
});
