/**
 * A response body that reads `chunks` as fast as the client takes them, and ends the reading when the client disconnects.
 * The first chunk is read here, so that what fails at once can still be answered with an error. A later error breaks the
 * connection, and `onBroken` is called with it.
 */
export async function bodyStream(
  chunks: AsyncIterable<Uint8Array>,
  onBroken: (error: unknown) => void = () => {},
): Promise<ReadableStream<Uint8Array>> {
  const iterator = chunks[Symbol.asyncIterator]();
  let first: IteratorResult<Uint8Array> | undefined = await iterator.next();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const step = first ?? (await nextOf(iterator, onBroken));
        first = undefined;
        if (step.done) controller.close();
        else controller.enqueue(step.value);
      },
      // `ReadableStream.from` of a generator that was not started would leave the file open.
      cancel: async () => void (await iterator.return?.()),
    },
    { highWaterMark: 0 },
  );
}

async function nextOf<T>(
  iterator: AsyncIterator<T>,
  onBroken: (error: unknown) => void,
): Promise<IteratorResult<T>> {
  try {
    return await iterator.next();
  } catch (error) {
    onBroken(error);
    throw error;
  }
}
