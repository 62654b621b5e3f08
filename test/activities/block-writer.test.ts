import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBlockWriter } from '../../src/activities/deliver/block-writer.ts';

test('all chunks are written in their order, and none before the one ahead of it', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 700_000 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, async (lengths) => {
      const written: Uint8Array[] = [];
      let open = 0;
      const writer = createBlockWriter(async (block) => {
        expect((open += 1)).toBe(1);
        await Promise.resolve();
        written.push(block);
        open -= 1;
      });
      const chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1));
      for (const chunk of chunks) await writer.add(chunk);
      await writer.flush();
      expect(Buffer.concat(written).equals(Buffer.concat(chunks))).toBe(true);
      expect(writer.takenBytes).toBe(lengths.reduce((sum, length) => sum + length, 0));
    }),
    { numRuns: 30 },
  );
});

test('a slow disk holds the chunks back: two blocks are in memory at most', async () => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => (release = resolve));
  const writer = createBlockWriter(() => slow);
  const chunk = Buffer.alloc(1024 * 1024);
  await writer.add(chunk);
  let isTaken = false;
  const second = writer.add(chunk).then(() => (isTaken = true));
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  expect(isTaken).toBe(false);
  release();
  await second;
  await writer.flush();
});

test('a block that cannot be written fails whoever adds or flushes next', async () => {
  const broken = new Error('the disk is gone');
  const writer = createBlockWriter(() => Promise.reject(broken));
  await writer.add(Buffer.alloc(1024 * 1024));
  await writer.add(Buffer.alloc(1));
  await expect(writer.add(Buffer.alloc(1024 * 1024))).rejects.toBe(broken);
  await expect(writer.flush()).rejects.toBe(broken);
});
