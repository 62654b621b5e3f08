import { describe, expect, test } from 'vitest';
import { storedBefore } from '../../src/activities/submit/stored-before.ts';
import { sidecarKey, videoKey } from '../../src/identity/object-key.ts';
import { measureUsage } from '../../src/storage/records/storage-usage.ts';
import {
  findStored,
  type KeptVideo,
  listKeptVideos,
} from '../../src/storage/records/stored-videos.ts';
import { readMuxed } from './media.ts';
import { key, storeHarness, videoId } from './store-harness.ts';

describe.each([
  ['vp9.webm', 'video/webm', '.webm'],
  ['h264.mkv', 'video/x-matroska', '.mkv'],
  ['quicktime.mov', 'video/quicktime', '.mov'],
] as const)('a paid %s', (name, contentType, ending) => {
  const bytes = readMuxed(name);
  const own = videoKey(videoId, contentType);

  test('is stored under its own ending, with its own type', async () => {
    const { store, files, storage } = await storeHarness({ file: { bytes } });
    const video = await store();
    expect(own).toBe(key.replace('.mp4', ending));
    expect(video).toMatchObject({ key: own, uri: storage.uriOf(own), contentType });
    expect(await files()).toEqual([sidecarKey(key), own]);
    expect(await storage.readSmall(own, 1e6)).toEqual(bytes);
  });

  test('is found by the id of the video, and counted', async () => {
    const { store, storage, storeAgain, gateway } = await storeHarness({ file: { bytes } });
    const video = await store();
    expect(await findStored(storage, videoId)).toEqual(video);
    expect(await storedBefore(storage, videoId)).toMatchObject({ jobId: 'task_1', video });
    expect(await storeAgain()).toEqual(video);
    expect(gateway.opened).toHaveLength(1);
    const kept: KeptVideo[] = [];
    for await (const one of listKeptVideos(storage)) kept.push(one);
    expect(kept).toMatchObject([{ key: own, sizeBytes: bytes.length, sidecar: { contentType } }]);
    expect(await measureUsage(storage)).toMatchObject({ count: 1, sizeBytes: bytes.length });
  });
});
