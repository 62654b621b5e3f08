import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { cut } from '../../src/sandbox-gateway/media-fixtures.ts';
import { detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { readMedia, readMuxed } from './media.ts';
import { at, bytes, delivered, storeHarness } from './store-harness.ts';

const last = { attempt: 8 };
const hashOf = (file: Uint8Array) => createHash('sha256').update(file).digest('hex');
const quarantined = /^quarantine\/demo-\w+\/task-1-\w+\.(\w+)$/;

describe('what was paid for and did not pass the checks', () => {
  test.each([
    ['media data that is cut', cut(readMedia('1280x720-4s.mp4')), 'truncated', 'mp4'],
    [
      'a fragmented file whose end nothing proves',
      readMuxed('fragmented-no-index.mp4'),
      'truncated',
      'mp4',
    ],
    ['a live WebM', readMuxed('live.webm'), 'truncated', 'mkv'],
    ['bytes of no container that we know', Buffer.alloc(3_000, 1), 'not_video', 'bin'],
  ])('is kept by the last attempt: %s', async (_name, file, kind, ending) => {
    const { store, files, storage } = await storeHarness({ file: { bytes: file }, ...last });
    const failure = await failureOf(store());
    expect(failure).toMatchObject({ type: kind, nonRetryable: true });
    const { kept } = detailsOf(failure);
    expect(kept?.key.match(quarantined)?.[1]).toBe(ending);
    expect(kept).toMatchObject({
      uri: storage.uriOf(kept?.key ?? ''),
      sizeBytes: file.length,
      sha256: hashOf(file),
    });
    expect(await storage.readSmall(kept?.key ?? '', 1e6)).toEqual(file);
    expect(await files()).toEqual([kept?.key]);
  });

  test('is fetched again by the attempts before', async () => {
    const { store, files } = await storeHarness({ file: { bytes: cut(bytes) }, attempt: 7 });
    expect(detailsOf(await failureOf(store()))).not.toHaveProperty('kept');
    expect(await files()).toEqual([]);
  });

  test('is the file of the best address, not of the last one', async () => {
    const [first, second] = [cut(bytes), bytes.subarray(0, 20_000)];
    const { store, files } = await storeHarness({
      status: { generations: [at('a', 'b')] },
      files: { a: { bytes: first }, b: { bytes: second } },
      ...last,
    });
    const { kept } = detailsOf(await failureOf(store()));
    expect(kept?.sha256).toBe(hashOf(first));
    expect(await files()).toEqual([kept?.key]);
  });

  test('goes where another address gives the whole video', async () => {
    const { store, files } = await storeHarness({
      status: { generations: [at('a', 'b')] },
      files: { a: { bytes: cut(bytes) }, b: { bytes } },
      ...last,
    });
    expect((await store()).sha256).toBe(hashOf(bytes));
    expect(await files()).toEqual(delivered);
  });

  test('where it is a text, is kept as such', async () => {
    const evidence = '{"error":{"message":"expired"}}';
    const refusal = new GatewayError('not_video', 'JSON instead of a video', { evidence });
    const { store, storage } = await storeHarness({ file: refusal, ...last });
    const { kept } = detailsOf(await failureOf(store()));
    expect(kept?.key.match(quarantined)?.[1]).toBe('txt');
    expect(String(await storage.readSmall(kept?.key ?? '', 1e6))).toBe(evidence);
  });

  test('is nothing where nothing came', async () => {
    const { store, files } = await storeHarness({ file: { bytes: Buffer.alloc(0) }, ...last });
    expect(detailsOf(await failureOf(store()))).not.toHaveProperty('kept');
    expect(await files()).toEqual([]);
  });
});

describe('a whole file that players take, and our checks doubt', () => {
  const file = readMedia('audio-short.mp4');
  const proven = { bytes: file, pathHash: hashOf(file) };

  test('is fetched twice, and then stored with a warning', async () => {
    for (const attempt of [1, 2]) {
      const { store } = await storeHarness({ file: proven, attempt });
      expect(await failureOf(store())).toMatchObject({ type: 'truncated', nonRetryable: false });
    }
    const { store, files } = await storeHarness({ file: proven, attempt: 3 });
    expect((await store()).warnings).toEqual([expect.stringContaining('s of audio for')]);
    expect(await files()).toEqual(delivered);
  });

  test('is not stored where nothing proves that all its bytes came', async () => {
    const { store } = await storeHarness({ file: { bytes: file }, ...last });
    const failure = await failureOf(store());
    expect(failure).toMatchObject({ type: 'truncated', nonRetryable: true });
    expect(detailsOf(failure).kept?.sizeBytes).toBe(file.length);
  });
});
