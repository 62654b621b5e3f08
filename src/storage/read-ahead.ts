/** Small objects read in parallel: as many as the S3 client has connections. */
export const readAtOnce = 50;

/**
 * Reads each of some items, {@link readAtOnce} at a time, and gives the results in the order of the items.
 *
 * If its consumer stops early, what is being read is read and dropped.
 */
export async function* readAhead<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  read: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  for await (const item of items) {
    const result = read(item);
    // A failure is thrown when it is its turn. Until then, it must not end the process as unhandled.
    result.catch(() => {});
    waiting.push(result);
    const first = waiting.length < readAtOnce ? undefined : waiting.shift();
    if (first) yield await first;
  }
  for (const result of waiting) yield await result;
}
