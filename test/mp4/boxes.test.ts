import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkMp4Boxes } from '../../src/mp4/boxes.ts';
import { padded, withOpenMdat, withSize64 } from '../../src/sandbox-gateway/media-fixtures.ts';
import { asFile, box, readMedia, wholeFiles } from '../activities/media.ts';

async function walk(bytes: Uint8Array) {
  const { readAt, sizeBytes } = asFile(bytes);
  return walkMp4Boxes(readAt, sizeBytes);
}

describe('a whole file', () => {
  test.each(wholeFiles)('%s has no defect', async (name) => {
    const { boxes, defect } = await walk(readMedia(name));
    expect(defect).toBeNull();
    expect(boxes.map(({ type }) => type)).toEqual(expect.arrayContaining(['ftyp', 'moov', 'mdat']));
  });

  test('may use a 64-bit size, an open end, or padding', async () => {
    const file = readMedia('1280x720-4s.mp4');
    for (const variant of [withSize64(file), withOpenMdat(file), padded(file, 100)]) {
      expect((await walk(variant)).defect).toBeNull();
    }
  });

  test.each([1, 7, 8, 16, 1024, 65_536])('may end in %i zeros', async (byteCount) => {
    const { boxes, defect, oddEnd } = await walk(
      Buffer.concat([box('ftyp'), box('moov'), box('mdat'), Buffer.alloc(byteCount)]),
    );
    expect({ defect, oddEnd, count: boxes.length }).toEqual({ defect: null, count: 3 });
  });

  test.each([
    ['bytes that are no box', Buffer.alloc(7, 1)],
    ['a box that is no media data, and is cut', box('udta').subarray(0, 15)],
  ])('in one piece is told from %s behind it', async (_name, tail) => {
    const { defect, oddEnd } = await walk(
      Buffer.concat([box('ftyp'), box('moov'), box('mdat'), tail]),
    );
    expect(defect).toBeNull();
    expect(oddEnd).toBeDefined();
  });

  test.each(['uuid', 'moov', 'mdat', 'wide', 'free'])('may begin with "%s"', async (type) => {
    expect((await walk(Buffer.concat([box(type), box('moov'), box('mdat')]))).defect).toBeNull();
  });

  test('lists its boxes in order, with their places', async () => {
    const bytes = Buffer.concat([box('ftyp'), box('free', 0), box('moov'), box('mdat', 50)]);
    expect(await walk(bytes)).toEqual({
      boxes: [
        { type: 'ftyp', start: 0, bodyStart: 8, end: 16 },
        { type: 'free', start: 16, bodyStart: 24, end: 24 },
        { type: 'moov', start: 24, bodyStart: 32, end: 40 },
        { type: 'mdat', start: 40, bodyStart: 48, end: 98 },
      ],
      defect: null,
    });
  });

  test('is read by its headers alone, 16 bytes each', async () => {
    const { readAt, sizeBytes } = asFile(readMedia('1280x720-10s.mp4'));
    const lengths: number[] = [];
    const counting = (start: number, length: number) => {
      lengths.push(length);
      return readAt(start, length);
    };
    const { boxes } = await walkMp4Boxes(counting, sizeBytes);
    expect(lengths).toEqual(boxes.map(() => 16));
  });
});

describe('a damaged file', () => {
  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['no index', Buffer.concat([box('ftyp'), box('mdat')])],
    ['no media data', Buffer.concat([box('ftyp'), box('moov')])],
    ['a box longer than the file', Buffer.concat([box('ftyp'), box('moov').subarray(0, 15)])],
    [
      'the header of a fragment that is cut',
      Buffer.concat([box('ftyp'), box('moov'), box('moof'), box('mdat'), Buffer.alloc(7, 1)]),
    ],
    [
      'a type of noise',
      Buffer.concat([box('ftyp'), box('moov'), box('\u0001\u00ff\u0000d'), box('mdat')]),
    ],
    [
      'a size below its header',
      Buffer.concat([box('ftyp'), Buffer.from('000000076d6f6f76', 'hex')]),
    ],
    [
      'a 64-bit size that is cut',
      Buffer.concat([box('ftyp'), Buffer.from('000000016d646174', 'hex')]),
    ],
    [
      'a 64-bit size below its header',
      Buffer.concat([box('ftyp'), Buffer.from('000000016d646174000000000000000f', 'hex')]),
    ],
  ])('with %s is truncated', async (_name, bytes) => {
    expect((await walk(bytes)).defect?.kind).toBe('truncated');
  });

  test.each([
    ['a JSON body', '{"error":{"message":"expired"}}'],
    ['a web page', '<!DOCTYPE html><html></html>'],
    ['one letter', 'x'],
  ])('that is %s is no video', async (_name, text) => {
    expect((await walk(Buffer.from(text, 'latin1'))).defect?.kind).toBe('not_video');
  });

  test('ends the walk, whatever its bytes are', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bytes, async (tail) => {
        const { defect } = await walk(Buffer.concat([box('ftyp'), tail]));
        expect(defect === null || defect.kind === 'truncated').toBe(true);
      }),
    );
  });
});

test('a file cut anywhere has a defect', async () => {
  const cut = fc.constantFrom(...wholeFiles).chain((name) => {
    const file = readMedia(name);
    return fc.record({ name: fc.constant(name), keep: fc.nat(file.length - 1) });
  });
  await fc.assert(
    fc.asyncProperty(cut, async ({ name, keep }) => {
      expect((await walk(readMedia(name).subarray(0, keep))).defect).not.toBeNull();
    }),
    { numRuns: 300 },
  );
});
