/**
 * A response body that reads `chunks` as fast as the client takes them, and ends the reading when the client disconnects.
 * The first chunk is read here, so that what fails at once can still be answered with an error.
 */
export async function bodyStream(
  chunks: AsyncIterable<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const iterator = chunks[Symbol.asyncIterator]();
  let first: IteratorResult<Uint8Array> | undefined = await iterator.next();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const step = first ?? (await iterator.next());
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
