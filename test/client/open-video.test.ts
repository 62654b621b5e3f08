import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openStored, openVideo, wantedFile } from '../../src/client/open-video.ts';
import { createStatusReader } from '../../src/client/status-reader.ts';
import type { VideoSnapshot } from '../../src/client/video-client.ts';
import type { VideoReader } from '../../src/contract/video-reader.ts';
import { createFakeClient, type ClientScript } from '../fakes/fake-client.ts';
import { endings, failure, result } from './outcomes.ts';

const bytes = Buffer.from('a whole video, in several pieces');
const video = {
  ...result.video,
  sizeBytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
};
const stored: ClientScript = {
  runs: [{ status: 'COMPLETED' }],
  result: () => ({ ...result, video }),
};

/** Returns its objects four bytes at a time. @param claimedBytes The size that `head` returns for each. */
function readerOf(objects: Record<string, Uint8Array>, claimedBytes?: number): VideoReader {
  const files = new Map(Object.entries(objects));
  return {
    head: async (key) => {
      const found = files.get(key);
      return found ? { sizeBytes: claimedBytes ?? found.length } : null;
    },
    read: async function* (key) {
      const found = files.get(key) ?? new Uint8Array();
      for (let at = 0; at < found.length; at += 4) yield found.subarray(at, at + 4);
    },
  };
}

function open(storage?: VideoReader, script: ClientScript = stored) {
  const read = createStatusReader(createFakeClient(script).client);
  return openVideo({ read, storage }, 'demo');
}

/** The bytes that were read, and the error at the end. */
async function readAll(body: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk);
    return { read: Buffer.concat(chunks), error: null };
  } catch (error) {
    return { read: Buffer.concat(chunks), error };
  }
}

describe('openVideo()', () => {
  test('returns the stored video with its bytes unchanged', async () => {
    const opened = await open(readerOf({ [video.key]: bytes }));
    expect(opened.video).toEqual(video);
    expect(await readAll(opened.body)).toEqual({ read: bytes, error: null });
  });

  test('returns no bytes for an empty file', async () => {
    const empty = { ...video, sizeBytes: 0, sha256: createHash('sha256').digest('hex') };
    const script = { ...stored, result: () => ({ ...result, video: empty }) };
    const opened = await open(readerOf({ [video.key]: new Uint8Array() }), script);
    expect(await readAll(opened.body)).toEqual({ read: Buffer.alloc(0), error: null });
  });

  test.each([
    ['other bytes of the same size', Buffer.from(bytes).fill('x', 0, 1)],
    ['too few bytes', bytes.subarray(0, -1)],
    ['too many bytes', Buffer.concat([bytes, bytes])],
  ])('never yields all bytes of %s', async (_, found) => {
    const { body } = await open(readerOf({ [video.key]: found }, bytes.length));
    const { read, error } = await readAll(body);
    expect(error).toMatchObject({ kind: 'damaged' });
    expect(read.length).toBeLessThan(found.length);
  });

  test('fails at once if the size differs from that of the stored video', async () => {
    await expect(open(readerOf({ [video.key]: bytes.subarray(1) }))).rejects.toMatchObject({
      kind: 'damaged',
      message: expect.stringContaining(video.uri) as string,
    });
  });

  test('reports the address of a video that was removed', async () => {
    await expect(open(readerOf({}))).rejects.toMatchObject({
      kind: 'file_gone',
      message: expect.stringContaining(video.uri) as string,
    });
  });

  test('without a storage fails, and explains how to configure one', async () => {
    await expect(open()).rejects.toMatchObject({
      kind: 'no_storage',
      message: expect.stringContaining('onetake/storage') as string,
    });
  });

  test.each([
    ['under way', { runs: [{ phase: 'queued' }] }, { kind: 'not_stored' }],
    [
      'failed',
      { runs: [{ status: 'FAILED' as const }], result: endings.failed() },
      { kind: 'not_stored', failure },
    ],
    ['unknown', {}, { kind: 'not_found' }],
  ])('reads no byte of a video that is %s', async (_, script, expected) => {
    await expect(open(readerOf({ [video.key]: bytes }), script)).rejects.toMatchObject(expected);
  });
});

describe('a file that replaced the stored video', () => {
  const kept = {
    key: 'quarantine/a/b.mp4',
    uri: 'file:///a',
    sizeBytes: 3,
    sha256: createHash('sha256').update('abc').digest('hex'),
  };
  const failed: VideoSnapshot = {
    videoId: 'video/demo',
    phase: 'failed',
    billed: 'yes',
    startedAt: '2026-01-01T00:00:00.000Z',
    live: false,
    failure: { kind: 'truncated', message: 'cut', billed: 'yes', kept },
  };

  test('is returned only with force, and the error says so', () => {
    expect(() => wantedFile(failed, { force: false })).toThrow('`onetake download --force` gives');
    expect(wantedFile(failed, { force: true })).toEqual(kept);
  });

  test('is checked during the read like a video', async () => {
    const { body } = await openStored(readerOf({ [kept.key]: Buffer.from('abc') }), kept);
    expect(await readAll(body)).toEqual({ read: Buffer.from('abc'), error: null });
    const changed = await openStored(readerOf({ [kept.key]: Buffer.from('abd') }), kept);
    expect(await readAll(changed.body)).toMatchObject({ error: { kind: 'damaged' } });
  });
});
