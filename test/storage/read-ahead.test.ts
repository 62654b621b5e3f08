import { expect, test } from 'vitest';
import { readAhead, readAtOnce } from '../../src/storage/read-ahead.ts';

const numbers = Array.from({ length: 3 * readAtOnce }, (_, index) => index);

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const result of results) found.push(result);
  return found;
}

test('results come in the order of the items, in whatever order they are read', async () => {
  const later: (() => void)[] = [];
  const read = (number: number) =>
    new Promise<number>((resolve) => {
      later.push(() => resolve(number));
      // The last of those that are read together is read first.
      if (later.length === readAtOnce || number === numbers.length - 1) {
        for (const done of later.splice(0).reverse()) done();
      } else if (number >= readAtOnce) later.pop()?.();
    });
  expect(await all(readAhead(numbers, read))).toEqual(numbers);
});

test('many items are read at once, and never more than the limit', async () => {
  let [reading, most] = [0, 0];
  const read = async () => {
    reading += 1;
    most = Math.max(most, reading);
    await new Promise((resolve) => setImmediate(resolve));
    reading -= 1;
  };
  await all(readAhead(numbers, read));
  expect(most).toBe(readAtOnce);
});

test('a failure is thrown after the results before it', async () => {
  const read = async (number: number) => {
    if (number >= 7) throw new Error(`no ${number}`);
    return number;
  };
  const found: number[] = [];
  const reading = async () => {
    for await (const number of readAhead(numbers, read)) found.push(number);
  };
  await expect(reading()).rejects.toThrow('no 7');
  expect(found).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('a consumer that stops early ends the source, and later failures are dropped', async () => {
  let isEnded = false;
  async function* source() {
    try {
      yield* numbers;
    } finally {
      isEnded = true;
    }
  }
  const read = async (number: number) => {
    if (number > 0) throw new Error('dropped');
    return number;
  };
  for await (const number of readAhead(source(), read)) {
    expect(number).toBe(0);
    break;
  }
  expect(isEnded).toBe(true);
});
