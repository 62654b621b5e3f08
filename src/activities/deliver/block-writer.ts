import type { StagedFile } from '../../storage/video-storage.ts';
import type { BlockPool } from './block-pool.ts';

/**
 * Collects chunks into blocks, and writes these while the next ones are received: a socket gives small chunks, and to
 * write each of them would take longer than to receive it.
 */
export interface BlockWriter {
  /** Bytes received so far. */
  readonly takenBytes: number;
  /** Copies the chunk. Waits for memory if writing is slower than receiving. Rejects with the error of an earlier block. */
  add(chunk: Uint8Array): Promise<void>;
  /** Resolves when everything received has been written. Then the blocks are free. Idempotent. */
  close(): Promise<void>;
}

/** A file that takes blocks: see `StagedFile`. */
export type BlockFile = Pick<StagedFile, 'write' | 'blockBytes' | 'blocksAtOnce' | 'sizeBytes'>;

export function createBlockWriter(pool: BlockPool, file: BlockFile): BlockWriter {
  const lease = pool.open(file.blockBytes);
  const writing = new Set<Promise<void>>();
  let block: Uint8Array | undefined;
  // What an earlier attempt has kept may end within a block of the file.
  let [filledBytes, wantedBytes] = [0, file.blockBytes - (file.sizeBytes % file.blockBytes)];
  let takenBytes = 0;
  let failure: { error: unknown } | undefined;
  const write = (full: Uint8Array, sizeBytes: number) => {
    const written = file
      .write(full.subarray(0, sizeBytes))
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => {
        writing.delete(written);
        lease.give(full);
      });
    writing.add(written);
    [block, filledBytes, wantedBytes] = [undefined, 0, file.blockBytes];
  };
  const add = async (chunk: Uint8Array) => {
    takenBytes += chunk.length;
    for (let added = 0; added < chunk.length;) {
      block ??= await lease.take();
      const piece = chunk.subarray(added, added + wantedBytes - filledBytes);
      block.set(piece, filledBytes);
      filledBytes += piece.length;
      added += piece.length;
      if (filledBytes < wantedBytes) continue;
      while (writing.size >= file.blocksAtOnce) await Promise.race(writing);
      if (failure) throw failure.error;
      write(block, filledBytes);
    }
  };
  return {
    get takenBytes() {
      return takenBytes;
    },
    add,
    close: async () => {
      while (writing.size >= file.blocksAtOnce) await Promise.race(writing);
      if (block && filledBytes > 0 && !failure) write(block, filledBytes);
      while (writing.size > 0) await Promise.race(writing);
      lease.close();
      if (failure) throw failure.error;
    },
  };
}
