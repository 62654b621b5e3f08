import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';
import { createServeHarness, paidFor, paidOnce } from './serve-harness.ts';

const slow = { timeout: 60_000 };
const prompts = ['A cat, seen from above', 'A dog “at home”', '一只在雨中的狐狸'];

/** As Excel saves it in a country where the comma is the decimal mark. */
function spreadsheet(secondsOfDog: string): { name: string; mimeType: string; buffer: Buffer } {
  const rows = [
    'key;model;prompt;seconds;_note',
    `cat;sora-2;${prompts[0]};4;first`,
    `dog;sora-2;${prompts[1]};${secondsOfDog};`,
    `fox;sora-2;${prompts[2]};8;`,
  ];
  const buffer = Buffer.from(`\uFEFF${rows.join('\r\n')}\r\n`);
  return { name: 'Spring launch.csv', mimeType: 'text/csv', buffer };
}

async function upload(page: Page, file: ReturnType<typeof spreadsheet>): Promise<void> {
  await page.getByLabel('File', { exact: true }).setInputFiles(file);
  await page.getByRole('button', { name: 'Check the file' }).click();
}

test('a person makes videos from a spreadsheet: error, quote, start, results; each row is paid once', async (context) => {
  await using browser = await need(context, startBrowser());
  const { newPage, complaints } = browser;
  await using harness = await createServeHarness();
  const page = await newPage({ acceptDownloads: true });
  await page.goto(`${harness.server.url}/studio/batches`);
  await page.getByRole('link', { name: 'New batch' }).click();

  await upload(page, spreadsheet('four'));
  const wrong = page.getByRole('row').filter({ hasText: 'four' });
  await wrong.waitFor(slow);
  expect(await wrong.getByRole('rowheader').innerText()).toBe('3');
  expect(await page.getByRole('alert').innerText()).toContain('1 error in “Spring launch.csv”');
  expect(await page.locator('[data-autofocus]:focus').count()).toBe(1);
  expect(harness.gateway.ledger.posts).toEqual([]);
  // Chromium writes the status of a page with errors to its console.
  expect(complaints.splice(0).join()).toMatch(/^Failed to load resource: .* 422 [^,]*$/);
  expect(await axeViolations(page)).toEqual([]);

  await upload(page, spreadsheet('4'));
  await page.locator('#quote').waitFor(slow);
  expect(await page.locator('#quote').innerText()).toContain('3 videos, 16 s');
  expect(harness.gateway.ledger.posts).toEqual([]);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: /^Start 3 videos/ }).dblclick();

  await page.getByText('3 of 3 rows have ended').waitFor(slow);
  const rows = page.getByRole('row').filter({ hasText: 'Stored' });
  await rows.nth(2).waitFor(slow);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Results as CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('spring-launch-results.csv');
  const results = await readFile(await download.path(), 'utf8');
  expect(results.match(/,stored,started,yes,/g)).toHaveLength(3);
  for (const prompt of prompts) expect(paidFor(harness, prompt)).toEqual(paidOnce);

  const schedule = page.getByRole('link', { name: 'Run these rows on a schedule' });
  expect(await schedule.getAttribute('href')).toMatch(/from=spring-launch&manifest=[0-9a-f]{12}$/);
  await page.getByRole('link', { name: 'fox' }).click();
  await page
    .getByText(prompts[2] ?? '')
    .first()
    .waitFor(slow);
  expect(complaints).toEqual([]);
});

test('without JavaScript, the pages do the same', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await createServeHarness();
  const page = await browser.newPage({ javaScriptEnabled: false, locale: 'zh-CN' });
  const { url } = harness.server;
  await page.goto(`${url}/studio/batches/new`);
  await page.getByLabel('文件', { exact: true }).setInputFiles(spreadsheet('4'));
  await page.getByRole('button', { name: '检查文件' }).click();
  await page.getByRole('button', { name: /^开始生成 3 个视频/ }).click();
  await page.getByText('已开始。').waitFor(slow);
  const { outcome } = await harness.client.batches.wait('spring-launch');
  expect(outcome).toBe('done');
  await page.goto(`${url}/studio/batches/spring-launch`);
  await page.getByText('3 行中已结束 3 行').waitFor(slow);
  for (const prompt of prompts) expect(paidFor(harness, prompt)).toEqual(paidOnce);
});

const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;

test('on a phone in the dark, a schedule is made from a spreadsheet, run once, and deleted', async (context) => {
  await using browser = await need(context, startBrowser());
  const { newPage, complaints } = browser;
  await using harness = await createServeHarness();
  const page = await newPage(phone);
  await page.goto(`${harness.server.url}/studio/schedules`);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'New schedule' }).click();
  await page.getByLabel('Cron expression').fill('0 3 * * *');
  expect(await axeViolations(page)).toEqual([]);
  await upload(page, spreadsheet('4'));
  await page.locator('#quote').waitFor(slow);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create the schedule' }).click();
  await page.getByText('Created.').waitFor(slow);
  expect(harness.gateway.ledger.posts).toEqual([]);

  await page.getByRole('link', { name: /^Run now/ }).click();
  await page.getByRole('button', { name: /^Start 3 videos/ }).click();
  await page.getByText('Triggered').waitFor(slow);
  await page.getByText('Last runs').locator('..').getByRole('link').first().click();
  await page.getByText('3 of 3 rows have ended').waitFor(slow);
  expect(await axeViolations(page)).toEqual([]);
  for (const prompt of prompts) expect(paidFor(harness, prompt)).toEqual(paidOnce);

  await page.goto(`${harness.server.url}/studio/schedules/spring-launch/delete`);
  await page.getByLabel(/^Type spring-launch/).fill('spring-launch');
  await page.getByRole('button', { name: 'Delete the schedule' }).click();
  await page.getByText('No schedule yet.').waitFor(slow);
  expect(await harness.client.schedules.list()).toEqual([]);
  expect(complaints).toEqual([]);
});
