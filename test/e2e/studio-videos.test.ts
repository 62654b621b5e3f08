import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { startBrowser } from '../support/browser.ts';
import { need } from '../support/need.ts';
import { playing } from './requests.ts';
import { untilPhase } from './harness.ts';
import { createServeHarness } from './serve-harness.ts';

const slow = { timeout: 30_000 };
const phone = { viewport: { width: 390, height: 844 } };
const withToken = { GATEWAY_ACCESS_TOKEN: 'at-sandbox', GATEWAY_USER_ID: '1' };

test('a video that a service starts appears without a reload, becomes done, plays, seeks and is downloaded whole', async (context) => {
  await using browser = await need(context, startBrowser());
  const { newPage, complaints } = browser;
  await using harness = await createServeHarness();
  const page = await newPage({ acceptDownloads: true });
  await page.goto(`${harness.server.url}/studio`);
  const prompt = 'A lighthouse at night, seen from the sea';
  const body = { model: 'kling-v1', prompt, size: '1280x720', duration: 5 };
  const started = await harness.client.start(
    { format: 'generations', body },
    { key: 'light', tags: ['spring'] },
  );
  const link = page.getByRole('link', { name: prompt });
  await link.waitFor(slow);
  await page.locator('.sheet').getByRole('link', { name: prompt }).waitFor(slow);
  const { url } = harness.server;
  for (const query of ['phase=stored&model=kling-v1', 'tag=spring', 'phase=ended']) {
    await page.goto(`${url}/studio?${query}`);
    expect(await link.count()).toBe(query === 'phase=ended' ? 0 : 1);
  }
  await page.goto(`${url}/studio`);
  await link.click();
  const player = page.locator('#player');
  await player.waitFor(slow);
  expect(await axeViolations(page)).toEqual([]);
  expect(await playFrom(page, 3)).toMatchObject({ duration: 5, isSeekable: true });
  await harness.client.start({ format: 'generations', body }, { key: 'light', take: 2 });
  // The page of an ended video is read seldom.
  await page.getByRole('link', { name: 'light/take-2' }).waitFor({ timeout: 60_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download/ }).click(),
  ]);
  const end = await harness.client.wait(started.videoId);
  const bytes = await readFile(await download.path());
  expect(download.suggestedFilename()).toBe('light.mp4');
  expect(end).toMatchObject({
    outcome: 'stored',
    result: { video: { sha256: createHash('sha256').update(bytes).digest('hex') } },
  });
  expect(complaints).toEqual([]);
});

test('a person who adopts a job for an unresolved submit gets its video, and one POST was sent', async (context) => {
  await using browser = await need(context, startBrowser());
  const { newPage, complaints } = browser;
  await using harness = await createServeHarness({ env: withToken });
  const { videoId } = await harness.client.start(playing('submit-drop-after-body'), {
    key: 'lost',
  });
  await untilPhase(harness, videoId, ['unresolved']);
  const page = await newPage(phone);
  await page.goto(`${harness.server.url}/studio`);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Decide', exact: true }).click();
  const [job] = harness.gateway.ledger.paidJobs;
  const choice = page.getByRole('radio', { name: job?.jobId ?? '' });
  await choice.waitFor(slow);
  expect(await axeViolations(page)).toEqual([]);
  await choice.check();
  await page.getByRole('button', { name: 'Adopt', exact: true }).click();
  await page.getByText('Nothing is left to decide').waitFor(slow);
  await page.getByRole('link', { name: 'To the video' }).click();
  await page.locator('#player').waitFor(slow);
  expect(harness.gateway.ledger.posts).toHaveLength(1);
  expect(complaints).toEqual([]);
});

/** What the browser's player is used for here. The sources are compiled without the types of a browser. */
interface Player extends EventTarget {
  readyState: number;
  muted: boolean;
  currentTime: number;
  duration: number;
  seekable: { length: number; end(index: number): number };
  play(): Promise<void>;
  pause(): void;
}

/** Plays the video from a position until it has moved on. */
async function playFrom(page: Page, seconds: number) {
  return page.locator('#player').evaluate(async (element, from) => {
    const video = element as unknown as Player;
    const next = (name: string) =>
      new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
    if (video.readyState < 1) await next('loadedmetadata');
    video.muted = true;
    const seeked = next('seeked');
    video.currentTime = from;
    await seeked;
    const played = next('timeupdate');
    await video.play();
    await played;
    video.pause();
    return {
      duration: Math.round(video.duration),
      isSeekable: video.seekable.length > 0 && video.seekable.end(0) >= from,
      at: Math.floor(video.currentTime),
    };
  }, seconds);
}
