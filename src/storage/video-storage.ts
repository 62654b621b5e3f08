import type { ByteRange } from '../contract/video-reader.ts';

/**
 * Stores finished videos, claims and input images. Only streams and small objects: no method holds a whole video in
 * memory. Every method rejects with StorageError.
 */
export interface VideoStorage {
  /** Creates a staged file and discards earlier staged files of `key`. Nothing is visible under `key` before `commit`. */
  stage(key: string, source?: StagedSource): Promise<StagedFile>;
  /** Reopens what an earlier attempt kept of `key`, verified against its note. Null if nothing can be verified. */
  resume(key: string): Promise<ResumedFile | null>;
  /** Size in bytes. Null if nothing is stored under `key`. */
  head(key: string): Promise<{ sizeBytes: number } | null>;
  /**
   * Streams an object, or the bytes of `range`. A range that ends after the object ends with it; one that begins after it
   * has no bytes. To stop early, end the iteration: the file or connection is closed.
   */
  read(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Reads a whole small object (claim, image). Null if it does not exist. @param maxBytes Rejects for larger objects. */
  readSmall(key: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Creates a small object only if none exists. True if this call created it. Atomic across processes. */
  createSmall(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes a small object atomically, replacing an existing one. */
  writeSmall(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes an object. A missing object is not an error. */
  remove(key: string): Promise<void>;
  /**
   * Lists stored objects with a key prefix, in key order. Excludes unfinished files. To stop early, end the iteration.
   *
   * @param options.after Only keys that sort after this one. A hint that saves requests: a storage may give more.
   */
  list(prefix: string, options?: { after?: string }): AsyncIterable<StoredObject>;
  /** Number and size of unfinished files and uploads. */
  leftovers(): Promise<{ count: number; sizeBytes: number }>;
  /** Removes unfinished files and uploads that were not written to for `untouchedMs`. */
  sweep(options: { untouchedMs: number }): Promise<{ count: number; sizeBytes: number }>;
  /** Free and total disk space. Null for storages without a disk limit. */
  space(): Promise<{ freeBytes: number; totalBytes: number } | null>;
  /** The URI of a stored object, without secrets. */
  uriOf(key: string): string;
  /** Checks write access by writing and removing a probe object. */
  check(): Promise<void>;
}

export interface StoredObject {
  key: string;
  sizeBytes: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** Identifies the source bytes of a staged file. A kept part is resumed only if the source is unchanged. */
export interface StagedSource {
  jobId: string;
  /** Strong ETag or HTTP date, exactly as the server sent it. */
  validator: string;
  totalBytes?: number;
}

export interface StagedFile {
  /** Bytes written so far, including those kept from an earlier attempt. */
  readonly sizeBytes: number;
  /** Appends. The chunk must not change before the promise resolves. */
  write(chunk: Uint8Array): Promise<void>;
  /** Chunks are written best in this size, beginning at a multiple of it, and in shared memory. */
  readonly blockBytes: number;
  /** So many calls of `write` may run at the same time. */
  readonly blocksAtOnce: number;
  /** Ends writing and makes the file readable. Returns the SHA-256 (hex) of all its bytes. */
  seal(): Promise<{ sha256: string }>;
  /** Random access to a sealed file, for checks before the commit. Returns fewer bytes at the end of the file. */
  readAt(position: number, length: number): Promise<Uint8Array>;
  /** Makes the sealed file durable and visible under its key, or under `as`. Replaces an existing file. */
  commit(as?: string): Promise<void>;
  /** Keeps the durable part for a later `resume`. Without a source it discards. No effect after a commit. */
  suspend(): Promise<void>;
  /** Removes the staged file. Safe to call at any time, including after a commit. */
  discard(): Promise<void>;
}

export interface ResumedFile extends StagedFile {
  readonly source: StagedSource;
}
