import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storedImagePrefix } from '../../src/contract/video-request.ts';
import { imageKey } from '../../src/identity/object-key.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { maxImageBytes } from '../../src/contract/stored-inputs.ts';
import { createStoredImages } from '../../src/storage/records/stored-images.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const png = Buffer.from('89504e470d0a1a0a', 'hex');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function imagesHarness() {
  const temp = await tempStorage();
  return { ...temp, images: createStoredImages({ storage: temp.storage }) };
}

describe('an image', () => {
  test('is returned unchanged, whatever its pixels', async () => {
    const { images } = await imagesHarness();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (pixels) => {
        const bytes = Buffer.concat([png, pixels]);
        const stored = await images.get(await images.put(bytes));
        expect(stored?.contentType).toBe('image/png');
        expect(Buffer.from(stored?.bytes ?? [])).toEqual(bytes);
      }),
      { numRuns: 20 },
    );
  });

  test('is addressed by its content: the same image twice is one file', async () => {
    const { images, files } = await imagesHarness();
    const references = [await images.put(png), await images.put(png)];
    const reference = `${storedImagePrefix}${sha256(png)}`;
    expect(references).toEqual([reference, reference]);
    expect(await files()).toEqual([imageKey(sha256(png))]);
  });

  test.each([
    ['image/png', '89504e470d0a1a0a00'],
    ['image/jpeg', 'ffd8ffe000'],
    ['image/webp', '524946460000000057454250'],
    ['image/gif', '474946383961'],
  ])('is recognised as %s by its first bytes', async (contentType, hex) => {
    const { images } = await imagesHarness();
    const reference = await images.put(Buffer.from(hex, 'hex'));
    expect((await images.get(reference))?.contentType).toBe(contentType);
  });

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('<svg></svg>')],
    ['a sound file', Buffer.from('RIFF....WAVE')],
    ['half a signature', png.subarray(0, 4)],
    ['too large a file', Buffer.concat([png, Buffer.alloc(maxImageBytes)])],
  ])('is refused: %s', async (_name, bytes) => {
    const { images, files } = await imagesHarness();
    await expect(images.put(bytes)).rejects.toBeInstanceOf(RangeError);
    expect(await files()).toEqual([]);
  });
});

describe('a video or a sound', () => {
  test.each([
    ['video', 'video/mp4', '000000186674797069736f6d'],
    ['video', 'video/quicktime', '000000146674797071742020'],
    ['video', 'video/webm', '1a45dfa3'],
    ['audio', 'audio/mp4', '00000020667479704d344120'],
    ['audio', 'audio/mpeg', '494433'],
    ['audio', 'audio/mpeg', 'fffb90'],
    ['audio', 'audio/wav', '524946460000000057415645'],
    ['audio', 'audio/ogg', '4f676753'],
    ['audio', 'audio/flac', '664c6143'],
  ] as const)(
    'is stored as %s, and recognised as %s by its first bytes',
    async (kind, type, hex) => {
      const { images } = await imagesHarness();
      const reference = await images.put(Buffer.from(hex, 'hex'), kind);
      expect((await images.get(reference))?.contentType).toBe(type);
    },
  );

  test.each([
    ['video', png],
    ['audio', png],
    ['image', Buffer.from('1a45dfa3', 'hex')],
    ['audio', Buffer.from('1a45dfa3', 'hex')],
    ['video', Buffer.from('fLaC')],
  ] as const)('of another kind than %s is refused', async (kind, bytes) => {
    const { images, files } = await imagesHarness();
    await expect(images.put(bytes, kind)).rejects.toBeInstanceOf(RangeError);
    expect(await files()).toEqual([]);
  });
});

describe('a reference to a stored image', () => {
  test('to nothing returns null', async () => {
    const { images } = await imagesHarness();
    expect(await images.get(storedImagePrefix + sha256(png))).toBeNull();
  });

  test.each(['', '../../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(64)}/..`])(
    'that is no digest is refused: "%s"',
    async (rest) => {
      const { images } = await imagesHarness();
      await expect(images.get(storedImagePrefix + rest)).rejects.toBeInstanceOf(RangeError);
    },
  );

  test('to changed bytes is an error, not another picture', async () => {
    const { images, storage } = await imagesHarness();
    const reference = await images.put(png);
    await storage.writeSmall(imageKey(sha256(png)), Buffer.concat([png, png]));
    await expect(images.get(reference)).rejects.toBeInstanceOf(StorageError);
  });

  test('to changed bytes works again after the image is stored again', async () => {
    const { images, storage } = await imagesHarness();
    await storage.writeSmall(imageKey(sha256(png)), Buffer.from('damaged'));
    const reference = await images.put(png);
    expect((await images.get(reference))?.contentType).toBe('image/png');
  });
});
