/** Read access to stored videos. Every storage of onetake implements it. */
export interface VideoReader {
  /** Size in bytes; null if there is no object with this key. */
  head(key: string): Promise<{ sizeBytes: number } | null>;
  /**
   * The stored bytes, all of them or those of `range`. A range that ends after the object ends with it; one that begins
   * after it has no bytes.
   */
  read(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
}

/** Positions of the first and the last byte, both inclusive and counted from 0, as in HTTP. */
export interface ByteRange {
  start: number;
  /** At least `start`. */
  end: number;
}

/** Write access for the data URIs of requests. Every storage of onetake implements it. */
export interface InputStorage {
  /** Writes or replaces a small object atomically. */
  writeSmall(key: string, bytes: Uint8Array): Promise<void>;
}
