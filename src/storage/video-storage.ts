/**
 * Where finished videos, claims and input images live. Streams and small objects only: no method takes or gives a
 * whole video in memory. Every method rejects with StorageError.
 */
export interface VideoStorage {
  /** Begins a file aside, and drops what was kept of earlier ones; nothing is visible under `key` before `commit`. */
  stage(key: string, source?: StagedSource): Promise<StagedFile>;
  /** What an earlier attempt kept of `key`, checked against what was noted of it; null where nothing can be trusted. */
  resume(key: string): Promise<ResumedFile | null>;
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
  /** The stored objects whose key begins with `prefix`, in the order of their keys; nothing unfinished among them. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** What unfinished files and uploads take up now. */
  leftovers(): Promise<{ count: number; sizeBytes: number }>;
  /** Removes unfinished files and uploads that nobody has written to for so long. */
  sweep(options: { untouchedMs: number }): Promise<{ count: number; sizeBytes: number }>;
  /** What the disk still takes, or null where that has no meaning. */
  space(): Promise<{ freeBytes: number; totalBytes: number } | null>;
  /** The address of a stored object, without secrets. */
  uriOf(key: string): string;
  /** Writes and removes a probe. */
  check(): Promise<void>;
}

export interface StoredObject {
  key: string;
  sizeBytes: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** Which bytes a file is made of: what was kept may only go on with the very same. */
export interface StagedSource {
  jobId: string;
  /** Strong ETag or HTTP date, as the server sent it. */
  validator: string;
  totalBytes?: number;
}

export interface StagedFile {
  /** Bytes written so far, those kept of an earlier attempt included. */
  readonly sizeBytes: number;
  write(chunk: Uint8Array): Promise<void>;
  /** Ends the writing: from here on the file can be read. Gives the SHA-256 (hex) of all its bytes. */
  seal(): Promise<{ sha256: string }>;
  /** Random access to a sealed file, for checks before the commit. Short at the end of the file. */
  readAt(position: number, length: number): Promise<Uint8Array>;
  /** Makes the sealed file durable and visible under its key, or under another one; replaces an older file. */
  commit(as?: string): Promise<void>;
  /** Keeps what is safely written for a later `resume`; without a source it discards. Harmless after a commit. */
  suspend(): Promise<void>;
  /** Removes what was written. Safe to call at any time, also after a commit. */
  discard(): Promise<void>;
}

export interface ResumedFile extends StagedFile {
  readonly source: StagedSource;
}
