import type { ByteRange } from '../contract/video-reader.ts';
import { StorageError } from './storage-error.ts';
import type { VideoStorage } from './video-storage.ts';

/** Prefix of unfinished files, in folders and buckets. No caller's key may begin with it. */
export const asideFolder = '.unfinished';

/**
 * Returns what is wrong with an object key; undefined if it is valid. A key is a relative path, and in a folder it becomes
 * a file system path. Keys that leave the storage, or that folders and buckets interpret differently, are rejected.
 */
export function keyFault(key: string): string | undefined {
  const segments = key.split('/');
  if (key.startsWith('/')) return 'it is absolute';
  if (segments.includes('')) return 'it has an empty segment';
  if (segments.includes('.') || segments.includes('..')) return 'it has a segment "." or ".."';
  if (key.includes('\\')) return 'it has a backslash';
  if (key.includes('\0')) return 'it has a NUL';
  if (/\p{Cs}/u.test(key)) return 'it has a lone surrogate';
  return segments[0] === asideFolder ? `"${asideFolder}" is for unfinished files` : undefined;
}

/** Wraps a storage so that every method rejects invalid keys and ranges. */
export function withCheckedKeys(storage: VideoStorage): VideoStorage {
  return {
    ...storage,
    stage: async (key, source) => storage.stage(checked(key), source),
    resume: async (key) => storage.resume(checked(key)),
    head: async (key) => storage.head(checked(key)),
    read: (key, range) => readChecked(storage, key, range),
    readSmall: async (key, maxBytes) => storage.readSmall(checked(key), maxBytes),
    createSmall: async (key, bytes) => storage.createSmall(checked(key), bytes),
    writeSmall: async (key, bytes) => storage.writeSmall(checked(key), bytes),
    remove: async (key) => storage.remove(checked(key)),
    uriOf: (key) => storage.uriOf(checked(key)),
  };
}

async function* readChecked(
  storage: VideoStorage,
  key: string,
  range?: ByteRange,
): AsyncIterable<Uint8Array> {
  yield* storage.read(checked(key), range && checkedRange(key, range));
}

/** S3 answers an invalid range with the whole object, so a mistake must end here. */
function checkedRange(key: string, { start, end }: ByteRange): ByteRange {
  const isRange = start >= 0 && start <= end && [start, end].every(Number.isSafeInteger);
  if (isRange) return { start, end };
  throw new StorageError(`Cannot read "${key}" from byte ${start} to ${end}: this is not a range`);
}

function checked(key: string): string {
  const fault = keyFault(key);
  if (fault === undefined) return key;
  throw new StorageError(
    `Cannot use the object key ${JSON.stringify(key.slice(0, 200))}: ${fault}`,
  );
}
