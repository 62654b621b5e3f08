/** Read access to stored videos. Every storage of onetake implements it. */
export interface VideoReader {
  /** Size in bytes; null if there is no object with this key. */
  head(key: string): Promise<{ sizeBytes: number } | null>;
  /** The stored bytes from the start. */
  read(key: string): AsyncIterable<Uint8Array>;
}

/** Write access for the data URIs of requests. Every storage of onetake implements it. */
export interface InputStorage {
  /** Writes or replaces a small object atomically. */
  writeSmall(key: string, bytes: Uint8Array): Promise<void>;
}
