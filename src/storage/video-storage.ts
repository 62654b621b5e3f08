/**
 * Where finished videos, claims and input images live. Streams and small objects only: no method takes or gives a
 * whole video in memory. Every method rejects with StorageError.
 */
export interface VideoStorage {
  /** Begins a file aside; nothing is visible under `key` before `commit`. */
  stage(key: string): Promise<StagedFile>;
  /** Size in bytes, or null where nothing is stored under `key`. */
  head(key: string): Promise<{ sizeBytes: number } | null>;
  /** The stored bytes from the start. */
  read(key: string): AsyncIterable<Uint8Array>;
  /** The whole of a small object (claims, images), or null. @param maxBytes Larger objects are an error. */
  readSmall(key: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Creates a small object only where none is: true when this call created it. Atomic between processes. */
  createSmall(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes a small object, replacing what is there, atomically. */
  writeSmall(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes an object; nothing there is no error. */
  remove(key: string): Promise<void>;
  /** The address of a stored object, without secrets. */
  uriOf(key: string): string;
  /** Writes and removes a probe. */
  check(): Promise<void>;
}

export interface StagedFile {
  write(chunk: Uint8Array): Promise<void>;
  /** Random access to what was written, for checks before the commit. Short at the end of the file. */
  readAt(position: number, length: number): Promise<Uint8Array>;
  /** Makes the file durable and visible under its key; replaces an older one. */
  commit(): Promise<void>;
  /** Removes what was written. Safe to call at any time, also after a commit. */
  discard(): Promise<void>;
}
