import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readSidecar } from '../../src/contract/video-sidecar.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { sidecarKey } from '../../src/identity/object-key.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { withFailing } from '../fakes/temp-storage.ts';
import { readMuxed } from './media.ts';
import { at, bytes, key, storeHarness, url, videoId } from './store-harness.ts';

const beside = sidecarKey(key);
const request = {
  format: 'generations',
  body: { model: 'kling-v1', prompt: 'p', image: `stored-image:sha256:${'a'.repeat(64)}` },
} as const;

async function sidecarOf(storage: VideoStorage) {
  const text = await storage.readSmall(beside, 1e6);
  return readSidecar(Buffer.from(text ?? []).toString('utf8'));
}

describe('the sidecar', () => {
  test('tells what is known of the video, and not its address', async () => {
    const { store, storage } = await storeHarness({ input: { request } });
    const { key: _key, uri: _uri, ...video } = await store();
    const sidecar = await sidecarOf(storage);
    expect(sidecar).toEqual({
      videoId,
      jobId: 'task_1',
      format: 'generations',
      model: 'kling-v1',
      request,
      requestDigest: requestDigest(request),
      ...video,
      storedAt: expect.any(String),
      billed: 'yes',
      sourceOrigin: 'https://media.example',
    });
    expect(Math.abs(Date.now() - Date.parse(sidecar?.storedAt ?? ''))).toBeLessThan(60_000);
    expect(JSON.stringify(sidecar)).not.toContain('secret');
  });

  test('says what the gateway charged', async () => {
    const charged = { quota: 70_000, money: 0.14 };
    const { store, storage } = await storeHarness({ input: { charged } });
    await store();
    expect(await sidecarOf(storage)).toMatchObject({ charged });
  });

  test('says how long the job took, and other jobs learn from it once', async () => {
    const recorded: unknown[] = [];
    const record = async (...given: unknown[]) => {
      recorded.push(given);
    };
    const input = { request, jobMs: 120_250, timing: { seconds: 5 } };
    const { store, storeAgain, storage } = await storeHarness({ input, timings: { record } });
    await store();
    await storeAgain();
    expect(await sidecarOf(storage)).toMatchObject({ jobSeconds: 120.25 });
    expect(recorded).toEqual([[{ model: 'kling-v1', seconds: 5 }, 120_250]]);
  });

  test('says how long an adopted job took, and no other job learns from it', async () => {
    const recorded: unknown[] = [];
    const record = async (...given: unknown[]) => {
      recorded.push(given);
    };
    const input = { request, jobMs: 120_250 };
    const { store, storage } = await storeHarness({ input, timings: { record } });
    await store();
    expect(await sidecarOf(storage)).toMatchObject({ jobSeconds: 120.25 });
    expect(recorded).toEqual([]);
  });

  test('a duration that cannot be recorded does not fail the delivery', async () => {
    const record = () => Promise.reject(new StorageError('Cannot write: the disk is gone'));
    const input = { request, jobMs: 120_250, timing: {} };
    const { store } = await storeHarness({ input, timings: { record } });
    expect((await store()).sizeBytes).toBe(bytes.length);
  });

  test('a storage that does not answer about durations does not hold up the delivery', async () => {
    const record = () => new Promise<void>(() => {});
    const input = { request, jobMs: 120_250, timing: {} };
    const { store } = await storeHarness({ input, timings: { record } });
    expect((await store()).sizeBytes).toBe(bytes.length);
  });

  test('of a video inside its address names no origin', async () => {
    const address = 'data:video/mp4;base64,AAAA';
    const { store, storage } = await storeHarness({
      status: { generations: [at(address)] },
      files: { [address]: { bytes } },
    });
    await store();
    expect(await sidecarOf(storage)).not.toHaveProperty('sourceOrigin');
  });

  test('never lies beside a video that it does not describe', async () => {
    const seen: (string | null)[] = [];
    const through = (storage: VideoStorage): VideoStorage => ({
      ...storage,
      stage: async (...given) => {
        const file = await storage.stage(...given);
        const { commit } = file;
        const looking: typeof commit = async (as) => {
          seen.push(await storage.readSmall(beside, 1e6).then((text) => text && String(text)));
          await commit(as);
        };
        return Object.defineProperty(file, 'commit', { value: looking });
      },
    });
    const { store, storage } = await storeHarness({ through });
    await storage.writeSmall(beside, Buffer.from('{"jobId":"an older one"}'));
    await store();
    expect(seen).toEqual([null]);
  });

  test('that cannot be written fails the attempt, and the next one delivers', async () => {
    let isDown = true;
    const through = (storage: VideoStorage) => withFailing(storage, ['writeSmall'], () => isDown);
    const { store, storeAgain, files, storage } = await storeHarness({ through });
    const failure = await failureOf(store());
    expect(failure).toMatchObject({ type: 'storage_unavailable', nonRetryable: false });
    expect(detailsOf(failure).billed).toBe('yes');
    isDown = false;
    expect((await storeAgain()).sizeBytes).toBe(bytes.length);
    expect(await files()).toEqual([beside, key]);
    expect(await sidecarOf(storage)).toMatchObject({ jobId: 'task_1' });
  });
});

describe('an attempt after a lost answer', () => {
  test('gives the stored video at once', async () => {
    const { store, storeAgain, gateway } = await storeHarness();
    const video = await store();
    expect(await storeAgain()).toEqual(video);
    expect(gateway.opened).toEqual([url]);
    expect(gateway.asked).toHaveLength(1);
  });

  test.each([
    ['the video is gone', (storage: VideoStorage) => storage.remove(key)],
    ['the sidecar is gone', (storage: VideoStorage) => storage.remove(beside)],
    ['the sidecar is cut', (storage: VideoStorage) => storage.writeSmall(beside, Buffer.from('{'))],
    [
      'the video has another size',
      (storage: VideoStorage) => storage.writeSmall(key, Buffer.from('x')),
    ],
  ])('downloads again where %s', async (_name, harm) => {
    const { store, storeAgain, storage, gateway } = await storeHarness();
    await store();
    await harm(storage);
    expect((await storeAgain()).sizeBytes).toBe(bytes.length);
    expect((await storage.head(key))?.sizeBytes).toBe(bytes.length);
    expect(gateway.opened).toEqual([url, url]);
  });

  test('downloads again where another job was stored', async () => {
    const first = await storeHarness();
    await first.store();
    const through = () => first.storage;
    const job = { format: 'generations', jobId: 'task_2' } as const;
    const second = await storeHarness({ through, input: { job } });
    await second.store();
    expect(second.gateway.opened).toEqual([url]);
    expect(await sidecarOf(first.storage)).toMatchObject({ jobId: 'task_2' });
  });
});

describe('a hash in the address', () => {
  const endless = readMuxed('fragmented-no-index.mp4');

  test('that is not of the file is told, and what came is delivered', async () => {
    const hash = 'b'.repeat(64);
    const { store } = await storeHarness({ file: { bytes, pathHash: hash } });
    expect((await store()).warnings).toEqual([expect.stringContaining(hash)]);
  });

  test('that is of the file proves it whole where nothing else does', async () => {
    const pathHash = createHash('sha256').update(endless).digest('hex');
    const { store } = await storeHarness({ file: { bytes: endless, pathHash } });
    expect((await store()).warnings).toEqual([]);
    const { store: storeUnproven } = await storeHarness({ file: { bytes: endless } });
    expect((await failureOf(storeUnproven())).type).toBe('truncated');
  });

  test('is not needed where checks are lenient', async () => {
    const { store } = await storeHarness({ file: { bytes: endless }, checks: 'lenient' });
    expect((await store()).warnings).toEqual([expect.stringContaining('nothing proves')]);
  });
});

test('what the storage refuses is tried for as long as links live, and stored once it is well', async () => {
  let isDown = true;
  const through = (storage: VideoStorage): VideoStorage =>
    withFailing(storage, ['stage'], () => isDown);
  const { store, storeAgain, files } = await storeHarness({ through, attempt: 30 });
  expect(await failureOf(store())).toMatchObject({
    type: 'storage_unavailable',
    nonRetryable: false,
  });
  isDown = false;
  await storeAgain();
  expect(await files()).toEqual([beside, key]);
});

test.each(['write', 'seal', 'commit', 'readAt'] as const)(
  'a storage that fails at %s in the middle leaves nothing behind once the video is stored',
  async (step) => {
    let isDown = true;
    const through = (storage: VideoStorage): VideoStorage => ({
      ...storage,
      stage: async (...given) => {
        const file = await storage.stage(...given);
        const real = file[step] as (...args: unknown[]) => Promise<never>;
        const failing = (...args: unknown[]) =>
          isDown
            ? Promise.reject(new StorageError('ENOSPC: no space left on device'))
            : real(...args);
        return Object.defineProperty(file, step, { value: failing });
      },
    });
    const { store, storeAgain, files } = await storeHarness({ through });
    expect((await failureOf(store())).nonRetryable).toBe(false);
    isDown = false;
    await storeAgain();
    expect(await files()).toEqual([beside, key]);
  },
);
