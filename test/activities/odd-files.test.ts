import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkVideo } from '../../src/activities/deliver/check-video.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { readBoxes } from '../../src/sandbox-gateway/media-fixtures.ts';
import { allBoxes, asFile, boxOf, insertInto, readMuxed } from './media.ts';

const plain = readMuxed('plain.mp4');
const three = { durationSeconds: 3, width: 96, height: 64, warnings: [] };

const check = (bytes: Buffer, provenWhole = false) =>
  checkVideo({ ...asFile(bytes), provenWhole }, { checks: 'strict' });

async function kindOf(bytes: Buffer): Promise<string> {
  const error: unknown = await check(bytes).catch((cause: unknown) => cause);
  return error instanceof GatewayError ? error.kind : `passed: ${JSON.stringify(error)}`;
}

describe('a whole video in another container passes by its bytes', () => {
  test.each([
    ['vp9.webm', 'video/webm'],
    ['h264.mkv', 'video/x-matroska'],
  ])('%s is %s without a declared length', async (name, contentType) => {
    const facts = await check(readMuxed(name));
    expect(facts).toMatchObject({ contentType, width: 96, height: 64, hasAudio: true });
    expect(facts.durationSeconds).toBeCloseTo(3, 1);
  });

  test.each([
    ['live.webm', 'video/webm'],
    ['silent.mpegts', 'video/mp2t'],
  ])('%s is %s where the transfer declared its length', async (name, contentType) => {
    await expect(check(readMuxed(name))).rejects.toMatchObject({ kind: 'truncated' });
    const facts = await check(readMuxed(name), true);
    expect(facts).toMatchObject({ contentType, width: 96, height: 64 });
    expect(facts.durationSeconds).toBeCloseTo(3, 0);
  });

  test('and is refused where it is cut, at whatever byte', async () => {
    const cut = fc.constantFrom('vp9.webm', 'h264.mkv').chain((name) => {
      const { length } = readMuxed(name);
      return fc.record({ name: fc.constant(name), keep: fc.nat(length - 1) });
    });
    await fc.assert(
      fc.asyncProperty(cut, async ({ name, keep }) => {
        expect(await kindOf(readMuxed(name).subarray(0, keep))).toMatch(/^(truncated|not_video)$/);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a whole MP4 passes without a warning', () => {
  test.each([1, 4, 8, 1024])('with %i zeros behind its last box', async (byteCount) => {
    expect(await check(Buffer.concat([plain, Buffer.alloc(byteCount)]))).toMatchObject(three);
  });

  test('with a "uuid" as its first box', async () => {
    const uuid = boxOf('uuid', Buffer.alloc(24, 7));
    expect(await check(Buffer.concat([uuid, shifted(plain, uuid.length)]))).toMatchObject({
      ...three,
      contentType: 'video/mp4',
    });
  });

  test('as QuickTime without "ftyp"', async () => {
    const file = readMuxed('quicktime.mov');
    const [ftyp] = readBoxes(file);
    const rest = shifted(file, -(ftyp?.size ?? 0)).subarray(ftyp?.size);
    expect(await check(rest)).toMatchObject({ ...three, contentType: 'video/quicktime' });
  });

  test('with an "edts" that holds no "elst"', async () => {
    const copy = Buffer.from(plain);
    copy.write('free', copy.indexOf('elst'), 'latin1');
    expect(await check(copy)).toMatchObject(three);
  });

  test.each([
    [['moov'], 4],
    [['moov'], 20],
    [['moov', 'trak'], 4],
    [['moov', 'trak'], 8],
    [['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'], 4],
    [['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'], 8],
  ])('with zeros at the end of %j: %i', async (path, byteCount) => {
    expect(await check(insertInto(plain, path, Buffer.alloc(byteCount)))).toMatchObject(three);
  });

  test('with a longer "vmhd"', async () => {
    const path = ['moov', 'trak', 'mdia', 'minf', 'vmhd'];
    expect(await check(insertInto(plain, path, Buffer.alloc(4)))).toMatchObject(three);
  });

  test('with a track of metadata that tells of more than it holds', async () => {
    expect(await check(withMetadataTrack(plain))).toMatchObject(three);
  });

  test('whose fragments have one frame each, and tell only when it begins', async () => {
    const file = withoutFrameLengths(readMuxed('fragmented-each-frame.mp4'));
    const facts = await check(file);
    expect(facts.warnings).toEqual([]);
    expect(facts.durationSeconds).toBeCloseTo(3, 0);
  });
});

/** The same file with its chunks so many bytes further on. */
function shifted(file: Buffer, byteCount: number): Buffer {
  const copy = Buffer.from(file);
  for (const { start } of allBoxes(copy).filter(({ path }) => path.at(-1) === 'stco')) {
    for (let entry = 0; entry < copy.readUInt32BE(start + 12); entry += 1) {
      const place = start + 16 + entry * 4;
      copy.writeUInt32BE(copy.readUInt32BE(place) + byteCount, place);
    }
  }
  return copy;
}

/** A copy of the last track, which is sound, called metadata and ten times as long. */
function withMetadataTrack(file: Buffer): Buffer {
  const trak = allBoxes(file).findLast(({ path }) => path.at(-1) === 'trak');
  const track = Buffer.from(file.subarray(trak?.start, (trak?.start ?? 0) + (trak?.size ?? 0)));
  track.writeUInt32BE(3, track.indexOf('tkhd') + 16);
  const length = track.indexOf('mdhd') + 20;
  track.writeUInt32BE(track.readUInt32BE(length) * 10, length);
  track.write('meta', track.indexOf('hdlr') + 12, 'latin1');
  return insertInto(file, ['moov'], track);
}

/** Each frame has the length 0, by all tables; when it begins stays. */
function withoutFrameLengths(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  for (const { path, start } of allBoxes(copy)) {
    const flags = copy.readUInt32BE(start + 8) & 0xff_ff_ff;
    if (path.at(-1) === 'trex') copy.writeUInt32BE(0, start + 20);
    if (path.at(-1) === 'tfhd' && flags & 0x8) {
      const before = [0x1, 0x2].filter((flag) => flags & flag).length;
      copy.writeUInt32BE(0, start + 16 + before * 4 + (flags & 0x1 ? 4 : 0));
    }
    if (path.at(-1) === 'trun' && flags & 0x1_00) {
      const before = [0x1, 0x4].filter((flag) => flags & flag).length;
      copy.writeUInt32BE(0, start + 16 + before * 4);
    }
  }
  return copy;
}
