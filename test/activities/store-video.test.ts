import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FailureKind } from '../../src/contract/failure.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { readMedia } from './media.ts';
import { at, bytes, delivered, key, storeHarness, type StoreSetting } from './store-harness.ts';

const gone = (kind: FailureKind) => new GatewayError(kind, `Cannot fetch: ${kind}`);
const page = { bytes: Buffer.from('<html><body>link expired</body></html>') };
const half = { bytes: bytes.subarray(0, bytes.length / 2) };

describe('a stored video', () => {
  test('is described by what lies on disk', async () => {
    const { store, storage, files } = await storeHarness();
    expect(await store()).toEqual({
      key,
      uri: storage.uriOf(key),
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      contentType: 'video/mp4',
      durationSeconds: 4,
      width: 1280,
      height: 720,
      hasAudio: true,
      warnings: [],
    });
    expect(await storage.readSmall(key, 1e9)).toEqual(bytes);
    expect(await files()).toEqual(delivered);
  });

  test('is the same in whatever pieces it comes', async () => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 60_000 }), async (chunkBytes) => {
        const { store } = await storeHarness({ file: { bytes, chunkBytes } });
        expect((await store()).sha256).toBe(sha256);
      }),
      { numRuns: 10 },
    );
  });

  test('differs from the request with a warning only', async () => {
    const request = {
      format: 'videos',
      body: { model: 'sora-2', prompt: 'p', seconds: '8' },
    } as const;
    const { store } = await storeHarness({ input: { request } });
    expect((await store()).warnings).toHaveLength(1);
  });

  test('replaces what an earlier attempt stored', async () => {
    const { store, storage, files } = await storeHarness();
    await storage.writeSmall(key, Buffer.from('older'));
    expect((await store()).sizeBytes).toBe(bytes.length);
    expect(await files()).toEqual(delivered);
  });

  test('is nowhere to be seen before it is whole and checked', async () => {
    const seen: unknown[] = [];
    const setting: StoreSetting = {
      file: { bytes, onChunk: () => seen.push(harness.storage.head(key)) },
    };
    const harness = await storeHarness(setting);
    await harness.store();
    expect(new Set(await Promise.all(seen))).toEqual(new Set([null]));
  });

  test('is heard of by heartbeat, without any address', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const onChunk = () => void vi.advanceTimersByTime(5_000);
    const { store, harness } = await storeHarness({ file: { bytes, onChunk } });
    await store();
    expect(harness.heartbeats.length).toBeGreaterThan(0);
    const counts = harness.heartbeats.map((each) => Object.keys(each as object).toString());
    expect(new Set(counts)).toEqual(new Set(['receivedBytes']));
  });

  test('that is stored within seconds sends no heartbeat, which would be an action', async () => {
    const { store, harness } = await storeHarness();
    await store();
    expect(harness.heartbeats).toEqual([]);
  });
});

describe('what is not the whole video', () => {
  test.each([
    ['an HTML page', page, 'not_video'],
    ['a JSON body', { bytes: Buffer.from('{"error":{"message":"no"}}') }, 'not_video'],
    ['half a video', half, 'truncated'],
    ['less than its declared length', { ...half, contentLength: bytes.length }, 'truncated'],
    ['nothing', { bytes: Buffer.alloc(0) }, 'truncated'],
    ['sound that is cut', { bytes: readMedia('audio-short.mp4') }, 'truncated'],
    ['a stream that breaks', { ...half, breaksWith: gone('truncated') }, 'truncated'],
    [
      'a stalled stream',
      { ...half, breaksWith: gone('gateway_unavailable') },
      'gateway_unavailable',
    ],
    ['an address without a file', gone('result_missing'), 'result_missing'],
  ])('%s is tried again and leaves nothing behind', async (_name, file, kind) => {
    const { store, files, gateway } = await storeHarness({ file });
    const failure = await failureOf(store());
    expect(failure).toMatchObject({ type: kind, nonRetryable: false });
    expect(detailsOf(failure)).toMatchObject({ kind, billed: 'yes', jobId: 'task_1' });
    expect(await files()).toEqual([]);
    expect(gateway.openTransfers()).toBe(0);
  });

  test.each([
    ['by its declared length', { bytes, contentLength: bytes.length }],
    ['while it comes', { bytes }],
  ])('a video above the limit is refused for good %s', async (_name, file) => {
    const { store, files } = await storeHarness({ file, maxBytes: bytes.length - 1 });
    expect(await failureOf(store())).toMatchObject({ type: 'too_large', nonRetryable: true });
    expect(await files()).toEqual([]);
  });

  test('a file cut anywhere is never stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (keep) => {
        const { store, files } = await storeHarness({ file: { bytes: bytes.subarray(0, keep) } });
        expect((await failureOf(store())).type).toMatch(/^(truncated|not_video)$/);
        expect(await files()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('is named after the address that said most', async () => {
    const { store } = await storeHarness({
      status: { generations: [at('a', 'b', 'c')] },
      files: { a: gone('result_missing'), b: half, c: page },
    });
    expect((await failureOf(store())).type).toBe('truncated');
  });
});
