/** A socket gives at most 64 KiB at a time; writing such small pieces would take longer than receiving them. */
const blockBytes = 1024 * 1024;

/**
 * Collects chunks and writes them in larger blocks while the next ones are received; at most two blocks are in
 * memory.
 */
export interface BlockWriter {
  /** Bytes received so far. */
  readonly takenBytes: number;
  /** Waits if writing is slower than receiving. Rejects with the error of an earlier block. */
  add(chunk: Uint8Array): Promise<void>;
  /** Resolves when everything received has been written. Idempotent. */
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
    // The next call of add or flush reports the error.
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
