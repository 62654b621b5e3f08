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

test('each page has no accessibility violation and no horizontal scroll, in light and dark, on phone and desktop', async (context) => {
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
    '/studio/schedules',
    '/studio/spend',
    '/studio/spend/caps',
    '/studio/storage',
    '/studio/events',
    '/studio/nothing',
  ];
  const found: unknown[] = [];
  for (const look of looks) {
    const page = await browser.newPage({ ...look, bypassCSP: true });
    for (const path of paths) {
      await page.goto(server.url + path);
      const where = `${path} ${look.colorScheme} ${look.viewport.width}`;
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

async function violations(page: Page): Promise<{ id: string; nodes: string[] }[]> {
  await page.addScriptTag({ path: axePath });
  return page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + ' | ' + failureSummary) })))`,
  );
}
