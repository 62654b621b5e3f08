/** A socket gives 64 KiB at most: that many trips to the disk and back would take longer than the bytes. */
const blockBytes = 1024 * 1024;

/** Takes chunks, and writes them in larger blocks while the next are received; at most two blocks are in memory. */
export interface BlockWriter {
  /** Bytes taken so far. */
  readonly takenBytes: number;
  /** Waits where the writing is slower than what comes. Rejects with what an earlier block met. */
  add(chunk: Uint8Array): Promise<void>;
  /** All that was taken is written when it resolves. Harmless to repeat. */
  flush(): Promise<void>;
}

export function createBlockWriter(write: (block: Uint8Array) => Promise<void>): BlockWriter {
  let [chunks, waitingBytes, takenBytes] = [[] as Uint8Array[], 0, 0];
  let writing = Promise.resolve();
  const begin = async () => {
    await writing;
    const block = Buffer.concat(chunks, waitingBytes);
    [chunks, waitingBytes] = [[], 0];
    writing = write(block);
    // Whoever adds or flushes next hears of it.
    writing.catch(() => {});
  };
  return {
    get takenBytes() {
      return takenBytes;
    },
    add: async (chunk) => {
      chunks.push(chunk);
      waitingBytes += chunk.length;
      takenBytes += chunk.length;
      if (waitingBytes >= blockBytes) await begin();
    },
    flush: async () => {
      if (waitingBytes > 0) await begin();
      await writing;
    },
  };
}
