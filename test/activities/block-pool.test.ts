import { expect, test } from 'vitest';
import { createBlockPool } from '../../src/activities/deliver/block-pool.ts';
import { createBlockWriter } from '../../src/activities/deliver/block-writer.ts';

const blockBytes = 1_000;

/** A file that each write of takes a few turns of the event loop. */
function slowFile(onWrite: () => void) {
  const file = { blockBytes, blocksAtOnce: 3, sizeBytes: 0, writes: 0 };
  const write = async (block: Uint8Array) => {
    onWrite();
    file.writes += 1;
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    file.sizeBytes += block.length;
  };
  return Object.assign(file, { write });
}

test.each([
  { limit: 4, most: 16 },
  { limit: 16, most: 16 },
  { limit: 24, most: 24 },
  { limit: 100, most: 64 },
])(
  'of a limit of $limit blocks, 16 downloads at once take at most $most, and all end',
  async ({ limit, most }) => {
    const pool = createBlockPool(limit * blockBytes);
    let peak = 0;
    const watch = () => (peak = Math.max(peak, pool.takenBytes));
    const files = Array.from({ length: 16 }, () => slowFile(watch));
    const writers = files.map((file) => createBlockWriter(pool, file));
    await Promise.all(
      writers.map(async (writer) => {
        for (let chunk = 0; chunk < 40; chunk += 1) {
          await writer.add(Buffer.alloc(700));
          watch();
        }
        await writer.close();
      }),
    );
    expect(peak).toBeLessThanOrEqual(most * blockBytes);
    expect(files.map(({ sizeBytes }) => sizeBytes)).toEqual(files.map(() => 40 * 700));
    expect(pool.takenBytes).toBe(0);
  },
);

test('servers that fell silent do not hold up a download, whatever they hold', async () => {
  const pool = createBlockPool(4 * blockBytes);
  const silent = Array.from({ length: 8 }, () => slowFile(() => {}));
  for (const file of silent) await createBlockWriter(pool, file).add(Buffer.alloc(1));
  const file = slowFile(() => {});
  const writer = createBlockWriter(pool, file);
  await writer.add(Buffer.alloc(20 * blockBytes));
  await writer.close();
  expect(file.sizeBytes).toBe(20 * blockBytes);
});

test('a second block is given in turn, when there is room', async () => {
  const pool = createBlockPool(3 * blockBytes);
  const [first, second] = [pool.open(blockBytes), pool.open(blockBytes)];
  const [one] = [await first.take(), await first.take(), await second.take()];
  const given: string[] = [];
  const waits = [
    first.take().then(() => given.push('first')),
    second.take().then(() => given.push('second')),
  ];
  await new Promise(setImmediate);
  expect(given).toEqual([]);
  first.give(one);
  await waits[0];
  expect(given).toEqual(['first']);
  first.close();
  await waits[1];
  second.close();
  expect(pool.takenBytes).toBe(0);
});

test('downloads one after the other use one block, so that none is left to the garbage collector', async () => {
  const pool = createBlockPool();
  const blocks = new Set<Uint8Array>();
  for (let download = 0; download < 50; download += 1) {
    const lease = pool.open(blockBytes);
    blocks.add(await lease.take());
    lease.close();
  }
  expect(blocks.size).toBe(1);
});

test('without a download, 8 MiB are kept', async () => {
  const pool = createBlockPool();
  const mib = 1024 * 1024;
  const take = async () => {
    const lease = pool.open(mib);
    const blocks = await Promise.all(Array.from({ length: 20 }, () => lease.take()));
    lease.close();
    return blocks;
  };
  const before = await take();
  const again = await take();
  expect(again.filter((block) => before.includes(block))).toHaveLength(8);
});
