import { expect, test } from 'vitest';
import type { RetentionInput } from '../../src/contract/retention.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { studioHarness } from './studio-harness.ts';

const hostile = '"><script>alert(1)</script>';

async function storageHarness(
  rule: () => Promise<RetentionInput | null> = () => Promise.resolve(null),
) {
  const harness = await studioHarness({
    ports: ({ videos }) => ({ videos: { ...videos, retention: { ...videos.retention, rule } } }),
  });
  const page = async (headers = {}) => (await harness.get('/studio/storage', headers)).text();
  return { ...harness, page };
}

test('the page shows usage by model and day, the disk, and the commands that delete', async () => {
  const { storage, page } = await storageHarness();
  const storedAt = new Date().toISOString();
  await keepVideo(storage, 'a', { storedAt, model: 'kling-v1', sizeBytes: 1_500 });
  await keepVideo(storage, 'b', { storedAt, model: 'sora-2', sizeBytes: 500 });
  const text = await page();
  for (const words of [
    '2, 2.0 kB',
    '1.5 kB',
    'kling-v1',
    'free',
    'onetake storage prune',
    'No unfinished files.',
    'No rule: videos are kept.',
  ]) {
    expect(text).toContain(words);
  }
  expect(text).not.toContain('<form method="post" action="/studio/storage');
});

test('the page says by which rule old videos are deleted', async () => {
  const rule = { olderThanMs: 30 * 86_400_000, tag: hostile, model: hostile };
  const text = await (await storageHarness(() => Promise.resolve(rule))).page();
  expect(text).toContain('older than 30 days, only with the tag');
  expect(text).toContain('onetake storage prune --stop');
  expect(text).not.toContain('<script>alert');
});

test('a rule that cannot be read says so, and the page stays', async () => {
  const text = await (await storageHarness(() => Promise.reject(new Error('no server')))).page();
  expect(text).toContain('The rule cannot be read: no server');
});

test('a model with the name of an attack is escaped', async () => {
  const { storage, page } = await storageHarness();
  await keepVideo(storage, 'a', { storedAt: new Date().toISOString(), model: hostile });
  const text = await page();
  expect(text).toContain('&lt;script&gt;alert(1)');
  expect(text).not.toContain('<script>alert');
  expect(text).not.toMatch(/\sstyle=|\son[a-z]+=/);
});

test('an empty storage says so, in Chinese too', async () => {
  const { page } = await storageHarness();
  expect(await page()).toContain('No video is stored yet.');
  expect(await page({ 'accept-language': 'zh' })).toContain('还没有存储视频');
});
