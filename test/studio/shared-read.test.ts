import { expect, test } from 'vitest';
import { inTime } from '../../src/studio/page/in-time.ts';
import { createSharedRead } from '../../src/studio/page/shared-read.ts';

const never = new Promise<string>(() => {});

test('a read that takes too long is null, so that the page can say so; one that failed fails', async () => {
  expect(await inTime(Promise.resolve('value'), { waitMs: 60_000 })).toBe('value');
  expect(await inTime(never, { waitMs: 1 })).toBeNull();
  await expect(inTime(Promise.reject(new Error('disk')))).rejects.toThrow('disk');
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
