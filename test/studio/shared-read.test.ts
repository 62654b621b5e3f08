import { expect, test } from 'vitest';
import { inTime } from '../../src/studio/page/in-time.ts';
import { createSharedRead } from '../../src/studio/page/shared-read.ts';

const isLate = async (value: Promise<string>) => (await inTime(value, { waitMs: 1 })) === null;
const never = new Promise<string>(() => {});

test('a read that takes too long is null, so that the page can say so; one that failed fails', async () => {
  expect(await inTime(Promise.resolve('value'), { waitMs: 60_000 })).toBe('value');
  expect(await inTime(never, { waitMs: 1 })).toBeNull();
  await expect(inTime(Promise.reject(new Error('disk')))).rejects.toThrow('disk');
});

test('what costs much is shown while it is read again, and a read that fails is not hidden', async () => {
  let nowMs = 0;
  const ends: ((value: string | Error) => void)[] = [];
  const read = createSharedRead({
    keptMs: 60_000,
    now: () => nowMs,
    read: () =>
      new Promise<string>((resolve, reject) => {
        ends.push((value) => (value instanceof Error ? reject(value) : resolve(value)));
      }),
    isCostly: true,
  });
  const first = read('all');
  nowMs = 10_000;
  ends[0]?.('first');
  expect(await first).toBe('first');
  // It took 10 s, so it is not read again for 200 s.
  nowMs = 200_000;
  expect(await read('all')).toBe('first');
  expect(ends).toHaveLength(1);
  nowMs = 211_000;
  expect(await read('all')).toBe('first');
  expect(await read('all')).toBe('first');
  expect(ends).toHaveLength(2);
  ends[1]?.('second');
  await expect.poll(() => read('all')).toBe('second');
  nowMs = 300_000;
  expect(await read('all')).toBe('second');
  ends[2]?.(new Error('disk'));
  await expect.poll(async () => isLate(read('all'))).toBe(true);
  expect(ends).toHaveLength(4);
});

test('a read that is under way is shared, however long it takes', async () => {
  let reads = 0;
  let nowMs = 0;
  const read = createSharedRead({
    keptMs: 60_000,
    now: () => nowMs,
    read: () => {
      reads += 1;
      return never;
    },
  });
  await inTime(read('all'), { waitMs: 1 });
  nowMs = 600_000;
  await inTime(read('all'), { waitMs: 1 });
  expect(reads).toBe(1);
});
