import { describe, expect, test } from 'vitest';
import { createStatusReader } from '../../src/client/status-reader.ts';
import type { VideoStatus } from '../../src/contract/messages.ts';
import { markDeleted } from '../../src/serve/videos/deleted-videos.ts';
import { createFakeIndex, type IndexedRun } from '../runs/fake-index.ts';
import { endings, failure } from '../client/outcomes.ts';
import { createFakeClient } from '../fakes/fake-client.ts';
import { studioHarness } from './studio-harness.ts';

const now = Date.now();
const attack = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`;

/** A studio over a namespace with these videos; their runs answer with these statuses. */
async function withVideos(runs: readonly IndexedRun[], live: Record<string, object> = {}) {
  const { client } = createFakeIndex(runs);
  return studioHarness({
    ports: (made) => ({
      temporal: client,
      read: async (videoId, options) => {
        const run = runs.find(({ id }) => id === videoId);
        const { client: one } = createFakeClient({
          runs: [{ ...run }],
          result: endings.failed({ ...failure, message: attack }),
          query: () => live[videoId],
        });
        return createStatusReader(one)(videoId, options);
      },
      now: () => made.now(),
    }),
  });
}

const startedAt = new Date(now - 60_000).toISOString();
const base = { billed: 'yes', startedAt, changedAt: startedAt, warnings: [], format: 'videos' };

describe('the overview', () => {
  const runs: IndexedRun[] = [
    { id: 'video/doubt', startedAt: now - 4_000, phase: 'unresolved', prompt: 'lost answer' },
    { id: 'video/late', startedAt: now - 3_000, phase: 'overdue', prompt: 'late job' },
    { id: 'video/open', startedAt: now - 2_000, phase: 'running', prompt: 'under way' },
    { id: 'video/done', startedAt: now - 1_000, status: 'COMPLETED', prompt: 'a cat' },
    { id: 'video/bad', startedAt: now, status: 'FAILED', billed: 'maybe', prompt: 'a storm' },
  ];
  const status: Partial<VideoStatus> = {
    phase: 'running',
    progressPercent: 40,
    submittedAt: new Date(now - 80_000).toISOString(),
    expected: {
      at: new Date(now + 100_500).toISOString(),
      from: new Date(now).toISOString(),
      to: new Date(now + 70_000).toISOString(),
    },
  };

  test('begins with what needs a decision, then what runs, then what is done, then what failed', async () => {
    const { get } = await withVideos(runs, { 'video/open': { ...base, ...status } });
    const page = await (await get('/studio')).text();
    const order = ['Needs a decision', 'lost answer', 'under way', 'a cat', 'a storm'];
    const places = order.map((text) => page.indexOf(text));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(page).toMatch(/Needs a decision <span class="badge warn">2<\/span>/);
    expect(page).toContain('href="/studio/decisions/video%2Fdoubt"');
    expect(page).toMatch(/about 1:40 left \(usually 1:20–2:30\)/);
    expect(page).toContain('value="40"');
  });

  test('shows the first frame of a stored video without JavaScript, and no sound', async () => {
    const { get } = await withVideos(runs);
    const page = await (await get('/studio')).text();
    const [, video = ''] = /<video([^>]*)>/.exec(page) ?? [];
    expect(video).toContain('src="/studio/videos/video%2Fdone/content#t=0.001"');
    for (const word of ['preload="metadata"', 'muted', 'playsinline'])
      expect(video).toContain(word);
    expect(video).not.toContain('autoplay');
  });

  test('shows the place in the queue, and a step that is tried again', async () => {
    const waiting = { place: 3, of: 12, asOf: startedAt };
    const retrying = {
      step: 'poll',
      attempt: 4,
      failure: { ...failure, message: 'gateway timeout' },
    };
    const { get } = await withVideos(
      [
        { id: 'video/queue', startedAt: now, phase: 'waiting' },
        { id: 'video/again', startedAt: now, phase: 'running' },
      ],
      {
        'video/queue': { ...base, phase: 'waiting', waiting },
        'video/again': { ...base, phase: 'running', retrying },
      },
    );
    const page = await (await get('/studio')).text();
    expect(page).toContain('Place 3 of 12 in the queue');
    expect(page).toContain('Polling failed 4 times in a row');
    expect(page).toContain('gateway timeout');
  });

  test('is in Chinese for a browser that prefers it', async () => {
    const { get } = await withVideos(runs);
    const page = await (await get('/studio', { 'accept-language': 'zh-CN' })).text();
    for (const text of ['需要决定', '已完成', '失败或已取消']) expect(page).toContain(text);
    expect(page).not.toContain('Needs a decision');
  });

  test('of a new installation leads to the first video', async () => {
    const { get } = await withVideos([]);
    expect(await (await get('/studio')).text()).toContain('href="/studio/new"');
  });
});

test('a video that a tenant has deleted is not shown', async () => {
  const videoId = `video/@acme/video_${'0'.repeat(40)}`;
  const { get, storage } = await withVideos([
    { id: videoId, startedAt: now, status: 'COMPLETED', prompt: 'a secret' },
    { id: 'video/done', startedAt: now, status: 'COMPLETED', prompt: 'a cat' },
  ]);
  const deletion = { videoId, runId: 'run-1', fileKeys: [], deletedAt: new Date(now) };
  expect(await (await get('/studio')).text()).toContain('a secret');
  await markDeleted(storage, deletion);
  const page = await (await get('/studio')).text();
  expect(page).toContain('a cat');
  expect(page).not.toContain('a secret');
});

describe('a list', () => {
  const many = Array.from({ length: 60 }, (_, index): IndexedRun => ({
    id: `video/${index}`,
    startedAt: now - index * 1_000,
    status: 'COMPLETED',
    prompt: `take ${index}.`,
    model: index % 2 === 0 ? 'sora-2' : 'kling-v1',
    tags: [index === 55 ? 'rare' : 'common'],
  }));

  test('has a link to older videos, and their page has one to the newest', async () => {
    const { get } = await withVideos(many);
    const first = await (await get('/studio?phase=stored&model=')).text();
    expect(first).toContain('take 47.');
    expect(first).not.toContain('take 48.');
    const [, older = ''] = /href="(\/studio\?[^"]*before=[^"]*)"/.exec(first) ?? [];
    const second = await (await get(older.replaceAll('&amp;', '&'))).text();
    expect(second).toContain('take 48.');
    expect(second).toContain('take 59.');
    expect(second).not.toContain('take 47.');
    expect(second).toContain('href="/studio?phase=stored"');
  });

  test('is filtered by model and by tag', async () => {
    const { get } = await withVideos(many);
    const page = await (await get('/studio?phase=stored&model=sora-2')).text();
    expect(page).toContain('take 58.');
    expect(page).not.toContain('take 57.');
    const tagged = await (await get('/studio?tag=rare')).text();
    expect(tagged).toContain('take 55.');
    expect(tagged).not.toContain('take 54.');
  });

  test('has a phase of the filter only if it is one', async () => {
    const { get } = await withVideos(many);
    const page = await (await get('/studio?phase=constructor')).text();
    expect(page).toContain('take 3.');
  });
});

test('a prompt, a key, a tag, a model, a tenant and a message of the gateway are text, not HTML', async () => {
  const { get } = await withVideos([
    { id: `video/${attack}`, startedAt: now, phase: 'running', prompt: attack, model: attack },
    { id: 'video/bad', startedAt: now, status: 'FAILED', prompt: attack, tags: [attack] },
    { id: 'video/done', startedAt: now, status: 'COMPLETED', prompt: attack },
    { id: 'video/doubt', startedAt: now, phase: 'unresolved', prompt: '', model: attack },
  ]);
  const query = new URLSearchParams({ model: attack, tag: attack, tenant: attack });
  for (const path of [
    '/studio',
    `/studio?${query.toString()}`,
    `/studio?phase=failed&${query.toString()}`,
  ]) {
    const page = await (await get(path)).text();
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&lt;script&gt;alert(1)');
  }
});
