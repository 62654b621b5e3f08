import { describe, expect, test } from 'vitest';
import type { RetentionRule } from '../../src/contract/retention.ts';
import { listExpired, removeKept } from '../../src/storage/records/expired-videos.ts';
import { sidecarKey } from '../../src/identity/object-key.ts';
import type { KeptVideo } from '../../src/storage/records/stored-videos.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';

const old = { storedAt: '2026-01-01T00:00:00Z' };
const young = { storedAt: '2026-03-01T00:00:00Z' };
const beforeMs = Date.parse('2026-02-01T00:00:00Z');

async function expiredIn(storage: VideoStorage, rule: Partial<RetentionRule> = {}) {
  const found: KeptVideo[] = [];
  for await (const video of listExpired(storage, { beforeMs, ...rule })) found.push(video);
  return found;
}

const idsOf = (videos: KeptVideo[]) => videos.map(({ sidecar }) => `${sidecar?.videoId}`).sort();

async function removeAll(storage: VideoStorage, rule: Partial<RetentionRule> = {}) {
  for (const video of await expiredIn(storage, rule)) await removeKept(storage, video);
}

describe('an expired video', () => {
  test('is found by the time in its sidecar, whenever the file was written', async () => {
    const { storage } = await tempStorage();
    await keepVideo(storage, 'old', old);
    await keepVideo(storage, 'young', young);
    expect(idsOf(await expiredIn(storage))).toEqual(['video/old']);
  });

  test('is found among more videos than are read at once', async () => {
    const { storage } = await tempStorage();
    const ids = Array.from({ length: 45 }, (_, nth) => `old-${nth}`);
    await Promise.all(ids.map((id) => keepVideo(storage, id, old)));
    expect(idsOf(await expiredIn(storage))).toEqual(ids.map((id) => `video/${id}`).sort());
  });

  test('is found by the model and the tag of the filter', async () => {
    const { storage } = await tempStorage();
    await keepVideo(storage, 'a', { ...old, model: 'sora-2', tags: ['draft', 'x'] });
    await keepVideo(storage, 'b', { ...old, model: 'sora-2', tags: [] });
    await keepVideo(storage, 'c', { ...old, model: 'kling-v1', tags: ['draft'] });
    await keepVideo(storage, 'd', old);
    expect(idsOf(await expiredIn(storage, { model: 'sora-2' }))).toEqual(['video/a', 'video/b']);
    expect(idsOf(await expiredIn(storage, { tag: 'draft' }))).toEqual(['video/a', 'video/c']);
  });

  test('is found by the time of its file if the sidecar is missing or truncated, and then has no model', async () => {
    const { storage } = await tempStorage();
    const key = await keepVideo(storage, 'bare', { ...old, model: 'sora-2' });
    await storage.writeSmall(sidecarKey(key), Buffer.from('{"videoId": "vid'));
    expect(await expiredIn(storage)).toEqual([]);
    const later = { beforeMs: Date.now() + 60_000 };
    expect(await expiredIn(storage, later)).toMatchObject([{ key, sidecar: null }]);
    expect(await expiredIn(storage, { ...later, model: 'sora-2' })).toEqual([]);
  });
});

describe('the removal of expired videos', () => {
  test('removes video and sidecar, and keeps claims and all other objects', async () => {
    const { storage, files } = await tempStorage();
    await keepVideo(storage, 'young', { ...young, tags: [] });
    const before = await files();
    await keepVideo(storage, 'old', { ...old, tags: ['draft'] });
    await removeAll(storage);
    const after = await files();
    expect(after.filter((path) => path.startsWith('videos/'))).toEqual(
      before.filter((path) => path.startsWith('videos/')),
    );
    expect(after.filter((path) => path.startsWith('claims/'))).toHaveLength(2);
  });

  test('that was interrupted after the video is completed by the next one, with the same filter', async () => {
    const { storage, files } = await tempStorage();
    await keepVideo(storage, 'old', { ...old, model: 'sora-2' });
    let removals = 0;
    const dying = withFailing(storage, ['remove'], () => (removals += 1) === 2);
    await expect(removeAll(dying)).rejects.toThrow('disk is gone');
    expect((await files()).map((path) => path.split('.').at(-1))).toEqual(['json']);
    expect(await expiredIn(storage)).toMatchObject([{ sizeBytes: null }]);
    await removeAll(storage, { model: 'sora-2' });
    expect(await files()).toEqual([]);
  });

  test('keeps a video that was delivered again since it was listed', async () => {
    const { storage } = await tempStorage();
    const key = await keepVideo(storage, 'again', old);
    const [listed] = await expiredIn(storage);
    await keepVideo(storage, 'again', young);
    expect(listed && (await removeKept(storage, listed))).toBe(false);
    expect(await storage.head(key)).not.toBeNull();
  });
});
