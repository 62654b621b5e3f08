import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkVideo } from '../../src/activities/deliver/check-video.ts';
import type { CheckedFile } from '../../src/mp4/check-index.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { readBoxes, withSize64 } from '../../src/sandbox-gateway/media-fixtures.ts';
import {
  allBoxes,
  asFile,
  boxOf,
  endlessFiles,
  insertInto,
  muxerFiles,
  readMedia,
  readMuxed,
} from './media.ts';

const check = (file: CheckedFile) => checkVideo(file, { checks: 'strict' });

/** The kind of the refusal, or what passed. */
async function verdict(bytes: Buffer): Promise<string> {
  const error: unknown = await check(asFile(bytes)).catch((cause: unknown) => cause);
  return error instanceof GatewayError ? error.kind : `passed: ${JSON.stringify(error)}`;
}

/** The segment index of the one left out shows that all is there, whether or not its second index follows. */
const cutFiles = [...muxerFiles, ...endlessFiles].filter((name) => name !== 'fragmented-sidx.mp4');

const refused = /^(truncated|not_video)$/;

describe('a whole file passes strict without a declared length', () => {
  test.each(muxerFiles)('%s', async (name) => {
    expect(await check(asFile(readMuxed(name)))).toEqual({
      durationSeconds: 3,
      width: 96,
      height: 64,
      hasAudio: !/silent|each-frame/.test(name),
      contentType: name.endsWith('.mov') ? 'video/quicktime' : 'video/mp4',
      warnings: [],
    });
  });

  test('with media data of a 64-bit size and chunks at 64-bit places', async () => {
    expect((await check(asFile(withSize64(readMuxed('plain.mp4'))))).durationSeconds).toBe(3);
    expect((await check(asFile(withCo64(readMuxed('plain.mp4'))))).durationSeconds).toBe(3);
  });

  test('with sizes of its samples in 16 bits', async () => {
    expect((await check(asFile(withStz2(readMuxed('plain-silent.mp4'))))).durationSeconds).toBe(3);
  });

  test('by the length that its beginning tells', async () => {
    const whole = withToldLength(readMuxed('fragmented-no-index.mp4'), 3_000);
    expect((await check(asFile(whole))).durationSeconds).toBe(3);
    expect(await verdict(whole.subarray(0, readBoxes(whole).at(-2)?.start))).toBe('truncated');
  });
});

describe('a fragmented file that nothing proves to be whole', () => {
  test.each(endlessFiles)('%s passes where the transfer declared its length', async (name) => {
    const file = asFile(readMuxed(name));
    await expect(check(file)).rejects.toMatchObject({ kind: 'truncated' });
    expect((await check({ ...file, provenWhole: true })).durationSeconds).toBe(3);
  });

  test('is refused where it tells of more than it holds, whatever the transfer declared', async () => {
    const file = asFile(withToldLength(readMuxed('fragmented-no-index.mp4'), 10_000));
    await expect(check({ ...file, provenWhole: true })).rejects.toThrow(
      'declares 10.0 s and has 3.2 s',
    );
  });
});

describe('never passes strict', () => {
  test('a file that is cut, at whatever byte', async () => {
    const cut = fc.constantFrom(...cutFiles).chain((name) => {
      const { length } = readMuxed(name);
      return fc.record({ name: fc.constant(name), keep: fc.nat(length - 1) });
    });
    await fc.assert(
      fc.asyncProperty(cut, async ({ name, keep }) => {
        expect(await verdict(readMuxed(name).subarray(0, keep))).toMatch(refused);
      }),
      { numRuns: 300 },
    );
  });

  test('a fragmented file that ends after any of its boxes', async () => {
    for (const name of cutFiles.filter((file) => /frag|ismv/.test(file))) {
      const file = readMuxed(name);
      for (const { start } of readBoxes(file)) {
        expect(await verdict(file.subarray(0, start)), `${name} cut at ${start}`).toMatch(refused);
      }
    }
  });

  test('a file one of whose boxes, user data apart, has another size', async () => {
    const damaged = anyBox((path) => path.at(-1) !== 'udta').chain(({ name, found }) =>
      fc
        .integer({ min: found.isLast ? 1 : 0, max: 2 ** 32 - 1 })
        .filter((size) => size !== found.size && !(mayGrow(found.path) && size > found.size))
        .map((size) => ({ name, found, size })),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async ({ name, found, size }) => {
        const copy = Buffer.from(readMuxed(name));
        copy.writeUInt32BE(size, found.start);
        expect(await verdict(copy)).toMatch(refused);
      }),
      { numRuns: 300 },
    );
  });

  test('a file with noise in place of the type of a box', async () => {
    const noise = fc.uint8Array({ minLength: 4, maxLength: 4 });
    const illegible = noise.filter((type) => type.some((byte) => byte < 32 || byte > 169));
    await fc.assert(
      fc.asyncProperty(anyBox(isNeeded), illegible, async ({ name, found }, type) => {
        const copy = Buffer.from(readMuxed(name));
        copy.set(type, found.start + 4);
        expect(await verdict(copy)).toMatch(refused);
      }),
      { numRuns: 300 },
    );
  });

  test('a file without one of the boxes that a reader needs, under another name', async () => {
    await fc.assert(
      fc.asyncProperty(anyBox(isNeeded), async ({ name, found }) => {
        const copy = Buffer.from(readMuxed(name));
        copy.write('free', found.start + 4, 'latin1');
        expect(await verdict(copy)).toMatch(refused);
      }),
      { numRuns: 300 },
    );
  });

  test('a file whose chunks lie elsewhere', async () => {
    const file = readMuxed('plain.mp4');
    const [stco] = allBoxes(file).filter(({ path }) => path.at(-1) === 'stco');
    for (const place of [0, 20, file.length - 1, 2 ** 32 - 1]) {
      const copy = Buffer.from(file);
      copy.writeUInt32BE(place, (stco?.start ?? 0) + 16);
      expect(await verdict(copy)).toBe('not_video');
    }
  });
});

test('a flipped bit inside the media data passes: no index shows it, only a hash would', async () => {
  const copy = Buffer.from(readMuxed('plain.mp4'));
  const mdat = readBoxes(copy).find(({ type }) => type === 'mdat');
  copy.writeUInt8(copy.readUInt8((mdat?.start ?? 0) + 100) ^ 1, (mdat?.start ?? 0) + 100);
  expect((await check(asFile(copy))).durationSeconds).toBe(3);
});

test('of a gigabyte of media data less than 100 kB are read', async () => {
  const { file, readBytes } = vast(readMedia('moov-last.mp4'), 2 ** 30);
  expect((await check(file)).durationSeconds).toBe(5);
  expect(readBytes()).toBeLessThan(100_000);
});

/** Boxes without which a track or a fragment is none; a track less is a file of its own. */
function isNeeded(path: string[]): boolean {
  const needed =
    'moov mdat mvhd mdia mdhd hdlr minf stbl stsd stts stsc stsz stco mfhd tfhd trun tkhd';
  const inside = path.at(-2) === 'minf' ? ['stbl'] : needed.split(' ');
  return inside.includes(path.at(-1) ?? '') && path.at(-1) !== 'trun';
}

/** Behind the fields that we know, later versions may have more; what follows these is not needed. */
function mayGrow(path: string[]): boolean {
  return ['ftyp', 'vmhd', 'smhd'].includes(path.at(-1) ?? '');
}

function anyBox(wanted: (path: string[]) => boolean) {
  return fc.constantFrom(...muxerFiles).chain((name) => {
    const boxes = allBoxes(readMuxed(name)).filter(({ path }) => wanted(path));
    return fc.record({ name: fc.constant(name), found: fc.constantFrom(...boxes) });
  });
}

/** The same fragmented file with its whole length, in milliseconds, told at its beginning. */
function withToldLength(file: Buffer, lengthMs: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(lengthMs, 4);
  return insertInto(file, ['moov', 'mvex'], boxOf('mehd', body));
}

/** The first track's chunks at places of 64 bits; `moov` is the last box, so that nothing moves. */
function withCo64(file: Buffer): Buffer {
  const table = allBoxes(file).find(({ path }) => path.at(-1) === 'stco');
  const old = file.subarray(table?.start, (table?.start ?? 0) + (table?.size ?? 0));
  const wide = Buffer.alloc(8 + (old.length - 16) * 2);
  wide.writeUInt32BE(old.readUInt32BE(12), 4);
  for (let entry = 0; entry < (old.length - 16) / 4; entry += 1) {
    wide.writeBigUInt64BE(BigInt(old.readUInt32BE(16 + entry * 4)), 8 + entry * 8);
  }
  return instead(file, 'stco', boxOf('co64', wide));
}

/** The first track's sizes in the compact table. */
function withStz2(file: Buffer): Buffer {
  const table = allBoxes(file).find(({ path }) => path.at(-1) === 'stsz');
  const old = file.subarray(table?.start, (table?.start ?? 0) + (table?.size ?? 0));
  const count = old.readUInt32BE(16);
  const compact = Buffer.alloc(12 + count * 2);
  compact.writeUInt8(16, 7);
  compact.writeUInt32BE(count, 8);
  for (let entry = 0; entry < count; entry += 1) {
    compact.writeUInt16BE(old.readUInt32BE(20 + entry * 4), 12 + entry * 2);
  }
  return instead(file, 'stsz', boxOf('stz2', compact));
}

/** The first track's table replaced; the old one stays as padding. */
function instead(file: Buffer, type: string, table: Buffer): Buffer {
  const copy = Buffer.from(file);
  const old = allBoxes(copy).find(({ path }) => path.at(-1) === type);
  copy.write('free', (old?.start ?? 0) + 4, 'latin1');
  return insertInto(copy, ['moov', 'trak', 'mdia', 'minf', 'stbl'], table);
}

/** The file with that many more bytes of media data, none of which is in memory. */
function vast(file: Buffer, moreBytes: number): { file: CheckedFile; readBytes: () => number } {
  const grown = withSize64(file);
  const mdat = readBoxes(grown).find(({ type }) => type === 'mdat');
  if (!mdat) throw new RangeError('The file has no media data');
  grown.writeBigUInt64BE(BigInt(mdat.size + moreBytes), mdat.start + 8);
  const gap = mdat.start + mdat.size;
  let readBytes = 0;
  return {
    readBytes: () => readBytes,
    file: {
      sizeBytes: grown.length + moreBytes,
      provenWhole: false,
      readAt: (start, length) => {
        readBytes += length;
        const head = grown.subarray(Math.min(start, gap), Math.min(start + length, gap));
        const from = Math.max(start - moreBytes, gap);
        const tail = grown.subarray(from, Math.max(from, start + length - moreBytes));
        const missing = Math.min(length, grown.length + moreBytes - start) - head.length;
        return Promise.resolve(
          Buffer.concat([head, Buffer.alloc(Math.max(0, missing - tail.length)), tail]),
        );
      },
    },
  };
}
