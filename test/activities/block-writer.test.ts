import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBlockPool } from '../../src/activities/deliver/block-pool.ts';
import { type BlockFile, createBlockWriter } from '../../src/activities/deliver/block-writer.ts';

const blockBytes = 1_000;

function fileOf(write: BlockFile['write'], { blocksAtOnce = 1, sizeBytes = 0 } = {}): BlockFile {
  return { write, blockBytes, blocksAtOnce, sizeBytes };
}

function writerOf(file: BlockFile) {
  return createBlockWriter(createBlockPool(), file);
}

/** Enough for all promises that can be settled. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

test.each([1, 3])(
  'all chunks are written in their order, with at most %i writes at once',
  async (blocksAtOnce) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 2_700 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(2 * blockBytes), async (lengths, sizeBytes) => {
        const written: Uint8Array[] = [];
        let open = 0;
        const write = async (block: Uint8Array) => {
          written.push(Buffer.from(block));
          expect((open += 1)).toBeLessThanOrEqual(blocksAtOnce);
          await turns();
          // A block that is used again too early would show here.
          expect(Buffer.from(block).equals(written[written.length - open] ?? block)).toBe(true);
          open -= 1;
        };
        const writer = writerOf(fileOf(write, { blocksAtOnce, sizeBytes }));
        const chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1));
        for (const chunk of chunks) await writer.add(chunk);
        await writer.close();
        expect(Buffer.concat(written).equals(Buffer.concat(chunks))).toBe(true);
        expect(writer.takenBytes).toBe(lengths.reduce((sum, length) => sum + length, 0));
        const ends = written.slice(0, -1).map(({ length }) => length);
        const first = blockBytes - (sizeBytes % blockBytes);
        expect(ends).toEqual(ends.map((_, index) => (index === 0 ? first : blockBytes)));
      }),
      { numRuns: 30 },
    );
  },
);

test('a chunk may change as soon as it was added', async () => {
  const written: Buffer[] = [];
  const writer = writerOf(fileOf(async (block) => void written.push(Buffer.from(block))));
  const chunk = Buffer.alloc(300);
  for (const value of [1, 2, 3, 4, 5]) await writer.add(chunk.fill(value));
  await writer.close();
  expect(Buffer.concat(written)).toEqual(
    Buffer.concat([1, 2, 3, 4, 5].map((value) => Buffer.alloc(300, value))),
  );
});

test('a slow disk holds the chunks back', async () => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => (release = resolve));
  const writer = writerOf(fileOf(() => slow));
  const chunk = Buffer.alloc(blockBytes);
  await writer.add(chunk);
  let isTaken = false;
  const second = writer.add(chunk).then(() => (isTaken = true));
  await turns();
  expect(isTaken).toBe(false);
  release();
  await second;
  await writer.close();
});

test('a block that cannot be written fails what follows, and its memory is free again', async () => {
  const broken = new Error('the disk is gone');
  const pool = createBlockPool();
  const writer = createBlockWriter(
    pool,
    fileOf(() => Promise.reject(broken)),
  );
  await writer.add(Buffer.alloc(blockBytes));
  await turns();
  await expect(writer.add(Buffer.alloc(blockBytes))).rejects.toBe(broken);
  await expect(writer.close()).rejects.toBe(broken);
  expect(pool.takenBytes).toBe(0);
});
