import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';
import { playing } from './requests.ts';
import { untilPhase } from './harness.ts';
import { createServeHarness } from './serve-harness.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const looks = [
  { colorScheme: 'light', viewport: { width: 1_440, height: 900 }, locale: 'en-US' },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 }, locale: 'zh-CN' },
  { colorScheme: 'light', viewport: { width: 390, height: 844 }, locale: 'en-US' },
  { colorScheme: 'dark', viewport: { width: 1_440, height: 900 }, locale: 'zh-CN' },
] as const;

test('the pages of the menu and of their subjects have no accessibility violation and no horizontal scroll, in light and dark, on phone and desktop', async (context) => {
  await using browser = await need(context, startBrowser());
  await using harness = await createServeHarness();
  const { client, server } = harness;
  const body = { model: 'kling-v1', prompt: 'A cat naps', size: '1280x720', duration: 5 };
  const stored = await client.start(
    { format: 'generations', body },
    { key: 'nap', tags: ['spring'] },
  );
  const failed = await client.start(playing('poll-failed-no-error'), { key: 'broken' });
  const lost = await client.start(playing('submit-drop-after-body'), { key: 'lost' });
  await client.wait(stored.videoId);
  await client.wait(failed.videoId);
  await untilPhase(harness, lost.videoId, ['unresolved']);
  const change = await makeBatch(await browser.newPage(), server.url);
  await client.batches.wait('spring');
  const ofVideo = (path: string, id: string) => `/studio/${path}/${encodeURIComponent(id)}`;
  const paths = [
    '/studio',
    '/studio/new',
    '/studio/new?model=SD2.5',
    '/studio/new?from=video%2Fnap',
    ofVideo('videos', stored.videoId),
    ofVideo('videos', failed.videoId),
    ofVideo('videos', lost.videoId),
    `${ofVideo('videos', lost.videoId)}/cancel`,
    '/studio/decisions',
    ofVideo('decisions', lost.videoId),
    '/studio/batches',
    '/studio/batches/new',
    '/studio/batches/spring',
    '/studio/batches/spring/stop',
    '/studio/schedules',
    '/studio/schedules/new',
    '/studio/schedules/spring',
    '/studio/schedules/spring/trigger',
    '/studio/schedules/spring/delete',
    '/studio/spend',
    '/studio/spend/caps',
    change,
    `${change.replace('change?', 'review?')}&jobs=7`,
    '/studio/storage',
    '/studio/events',
    '/studio/nothing',
  ];
  const found: unknown[] = [];
  for (const look of looks) {
    const page = await browser.newPage({ ...look, bypassCSP: true });
    for (const path of paths) {
      const response = await page.goto(server.url + path);
      const where = `${path} ${look.colorScheme} ${look.viewport.width}`;
      const isThere = response?.status() === 200;
      if (isThere === path.endsWith('/nothing')) found.push({ where, id: 'status', nodes: [] });
      for (const violation of await violations(page)) found.push({ where, ...violation });
      const [shown, whole] = await page.evaluate<[number, number]>(
        '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
      );
      if (whole > shown) found.push({ where, id: 'scrolls', nodes: [`${whole} > ${shown}`] });
    }
  }
  expect(found).toEqual([]);
  const page = await browser.newPage({ bypassCSP: true });
  await page.goto(`${server.url}/studio`);
  await page.evaluate(`document.querySelector('main').append(new Image())`);
  expect((await violations(page)).map(({ id }) => id)).toEqual(['image-alt']);
  expect(browser.complaints.filter((each) => !each.includes('404'))).toEqual([]);
});

const lines = [
  'key,model,prompt,seconds',
  'cat,sora-2,A cat,4',
  'dog,sora-2,[sandbox: poll-failed-no-error] a dog,4',
];

/** A batch with a row that fails, and a schedule. @returns The address of the form that changes limits. */
async function makeBatch(page: Page, url: string): Promise<string> {
  const file = { name: 'spring.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
  const check = async () => {
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Check the file' }).click();
  };
  await page.goto(`${url}/studio/batches/new`);
  await check();
  await page.getByRole('button', { name: /^Start 2 videos/ }).click();
  await page.getByText('Started.').waitFor();
  await page.goto(`${url}/studio/schedules/new`);
  await page.getByLabel('Cron expression').fill('0 3 1 1 *');
  await check();
  await page.getByRole('button', { name: 'Create the schedule' }).click();
  await page.getByText('Created.').waitFor();
  await page.goto(`${url}/studio/spend/caps`);
  return (await page.getByRole('link', { name: 'Change limits' }).getAttribute('href')) ?? '';
}

async function violations(page: Page): Promise<{ id: string; nodes: string[] }[]> {
  await page.addScriptTag({ path: axePath });
  return page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + ' | ' + failureSummary) })))`,
  );
}
