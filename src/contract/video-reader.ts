/** What reading stored videos takes; every storage of ours has it. */
export interface VideoReader {
  /** Size in bytes, or null where nothing is stored under `key`. */
  head(key: string): Promise<{ sizeBytes: number } | null>;
  /** The stored bytes from the start. */
  read(key: string): AsyncIterable<Uint8Array>;
}

/** What storing the data URIs of requests takes; every storage of ours has it. */
export interface InputStorage {
  /** Writes a small object, replacing what is there, atomically. */
  writeSmall(key: string, bytes: Uint8Array): Promise<void>;
}
