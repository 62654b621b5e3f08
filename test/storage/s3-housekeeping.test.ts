import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { copyVideo } from '../../src/cli/video/copy-video.ts';
import type { StoredVideo } from '../../src/contract/stored-video.ts';
import { listExpired, removeKept } from '../../src/storage/records/expired-videos.ts';
import { sidecarKey } from '../../src/identity/object-key.ts';
import { createS3Storage } from '../../src/storage/s3/s3-storage.ts';
import { measureUsage } from '../../src/storage/records/storage-usage.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { s3StartTimeoutMs, useS3 } from '../support/s3.ts';

const freshBucket = useS3();
beforeAll(async () => void (await freshBucket()), s3StartTimeoutMs);

test('pruning a bucket removes expired videos, and keeps the others and the claims', async () => {
  const storage = createS3Storage(await freshBucket());
  const old = await keepVideo(storage, 'old', { storedAt: '2026-01-01T00:00:00Z', tags: ['x'] });
  const young = await keepVideo(storage, 'young', { storedAt: '2026-03-01T00:00:00Z' });
  expect(await measureUsage(storage)).toMatchObject({ count: 2, sizeBytes: 20, space: null });
  const rule = { beforeMs: Date.parse('2026-02-01T00:00:00Z'), tag: 'x' };
  for await (const video of listExpired(storage, rule)) await removeKept(storage, video);
  const left: string[] = [];
  for await (const { key } of storage.list('')) left.push(key);
  expect(left).toEqual([expect.stringMatching(/^claims\/old-/), sidecarKey(young), young]);
  expect(await storage.head(old)).toBeNull();
}, 60_000);

test('copyVideo() copies a video out of a bucket unchanged', async () => {
  const storage = createS3Storage(await freshBucket());
  const folder = await mkdtemp(join(tmpdir(), 'onetake-s3-copy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bytes = randomBytes(3_000_000);
  const key = 'videos/cat.mp4';
  await storage.writeSmall(key, bytes);
  const video: StoredVideo = {
    key,
    uri: storage.uriOf(key),
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    contentType: 'video/mp4',
    durationSeconds: 5,
    width: 1280,
    height: 720,
    hasAudio: false,
    warnings: [],
  };
  const target = { path: join(folder, 'cat.mp4'), force: false };
  expect((await readFile(await copyVideo(video, { target, storage }))).equals(bytes)).toBe(true);
}, 60_000);
