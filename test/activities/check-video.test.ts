import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkVideo } from '../../src/activities/deliver/check-video.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import {
  notVideo,
  padded,
  withOpenMdat,
  withSize64,
} from '../../src/sandbox-gateway/media-fixtures.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { asFile, box, readMedia, readMuxed, wholeFiles } from './media.ts';

const file = readMedia('1280x720-4s.mp4');

function asked(fields: Record<string, unknown>): VideoRequest {
  return { format: 'videos', body: { model: 'sora-2', prompt: 'p', ...fields } };
}

const strict = { checks: 'strict' } as const;

async function kindOf(bytes: Uint8Array): Promise<string> {
  const error: unknown = await checkVideo(asFile(bytes), strict).catch((cause: unknown) => cause);
  return error instanceof GatewayError ? error.kind : `passed: ${JSON.stringify(error)}`;
}

describe('a whole video', () => {
  test.each(wholeFiles)('%s passes with its true length and size', async (name) => {
    const [, width, height, seconds] = /^(\d+)x(\d+)-(\d+)s/.exec(name) ?? ['', 1280, 720, 5];
    const facts = await checkVideo(asFile(readMedia(name)), strict);
    expect(facts).toMatchObject({ width: Number(width), height: Number(height), warnings: [] });
    expect(Math.abs(facts.durationSeconds - Number(seconds))).toBeLessThan(0.2);
  });

  test('says whether it has sound', async () => {
    const sounds = ['1280x720-5s.mp4', '1920x1080-5s.mp4'].map(
      async (name) => (await checkVideo(asFile(readMedia(name)), strict)).hasAudio,
    );
    expect(await Promise.all(sounds)).toEqual([true, false]);
  });

  test('passes with a 64-bit size, an open end, or padding', async () => {
    for (const variant of [withSize64(file), withOpenMdat(file), padded(file, 64)]) {
      expect((await checkVideo(asFile(variant), strict)).width).toBe(1280);
    }
  });
});

describe('a file that differs from the request', () => {
  test.each([
    [{ seconds: '4', size: '1280x720' }, []],
    [{ duration: 4 }, []],
    [{ seconds: '5' }, []],
    [{ size: '1280*720' }, []],
    [{ size: '720p' }, []],
    [{ duration: 10 }, [expect.stringContaining('10 s were requested')]],
    [{ seconds: '8' }, [expect.stringContaining('8 s were requested')]],
    [{ size: '720x1280' }, ['The video is 1280x720, 720x1280 was requested']],
  ])('passes, and %j is answered with %j', async (fields, warnings) => {
    expect(
      (await checkVideo(asFile(file), { ...strict, request: asked(fields) })).warnings,
    ).toEqual(warnings);
  });
});

describe('a damaged file never passes', () => {
  test('whatever part of it is missing at its end', async () => {
    const cut = fc.constantFrom(...wholeFiles).chain((name) => {
      const { length } = readMedia(name);
      return fc.record({ name: fc.constant(name), keep: fc.nat(length - 1) });
    });
    await fc.assert(
      fc.asyncProperty(cut, async ({ name, keep }) => {
        expect(await kindOf(readMedia(name).subarray(0, keep))).toMatch(/^(truncated|not_video)$/);
      }),
      { numRuns: 150 },
    );
  });

  test('whatever part of its media data is missing, when the last box is open-ended', async () => {
    const open = withOpenMdat(file);
    const keep = fc.nat(open.length - 1);
    await fc.assert(
      fc.asyncProperty(keep, async (length) => {
        expect(await kindOf(open.subarray(0, length))).toMatch(/^(truncated|not_video)$/);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['a web page', notVideo.html, 'not_video'],
    ['a text', notVideo.text, 'not_video'],
    ['a WebM file', notVideo.webm, 'not_video'],
    ['nothing', Buffer.alloc(0), 'truncated'],
    ['sound cut at its half', readMedia('audio-short.mp4'), 'truncated'],
    ['boxes without tracks', Buffer.concat([box('ftyp'), box('moov'), box('mdat')]), 'not_video'],
  ])('%s', async (_name, bytes, kind) => {
    expect(await kindOf(bytes)).toBe(kind);
  });

  test('with a GatewayError, even where the index is nonsense', async () => {
    const noise = fc.uint8Array({ minLength: 20, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        const moov = box('moov', bytes.length);
        moov.set(bytes, 8);
        const damaged = Buffer.concat([box('ftyp', 16), moov, box('mdat')]);
        expect(await kindOf(damaged)).toMatch(/^(truncated|not_video)$/);
      }),
      { numRuns: 50 },
    );
  });
});

test('a storage that fails in the middle of a check says so, and not that the video is bad', async () => {
  const { readAt, ...rest } = asFile(file);
  const broken = new StorageError('Cannot read: the disk is gone');
  for (const reads of [0, 4, 5, 6, 8]) {
    let left = reads;
    const failing = (start: number, length: number) =>
      (left -= 1) < 0 ? Promise.reject(broken) : readAt(start, length);
    const error: unknown = await checkVideo({ ...rest, readAt: failing }, strict).catch(
      (cause: unknown) => cause,
    );
    if (left < 0) expect(error).toBe(broken);
  }
});

describe('lenient', () => {
  const lenient = { checks: 'lenient' } as const;

  test('delivers with a warning what only the index speaks against', async () => {
    const short = await checkVideo(asFile(readMedia('audio-short.mp4')), lenient);
    expect(short.warnings).toEqual(['The file is truncated: 2.5 s of audio for 5.0 s of video']);
    const endless = await checkVideo(asFile(readMuxed('fragmented-no-index.mp4')), lenient);
    expect(endless.warnings).toEqual([expect.stringContaining('nothing proves')]);
  });

  test.each([
    ['a web page', notVideo.html, 'not_video'],
    ['a file cut in its media data', file.subarray(0, -1), 'truncated'],
    ['half an open-ended one', withOpenMdat(file).subarray(0, -9_000), 'truncated'],
    ['boxes without tracks', Buffer.concat([box('ftyp'), box('moov'), box('mdat')]), 'not_video'],
  ])('delivers no %s', async (_name, bytes, kind) => {
    await expect(checkVideo(asFile(bytes), lenient)).rejects.toMatchObject({ kind });
  });
});
