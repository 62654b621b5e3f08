import type { VideoStorage } from '../../src/storage/video-storage.ts';

/** Small objects in memory: for laws about many of them, which a disk would take long to write. */
export function memoryStorage(): VideoStorage {
  const objects = new Map<string, Uint8Array>();
  const none = () => Promise.reject(new Error('This storage has small objects only'));
  return {
    head: async (key) => {
      const found = objects.get(key);
      return found ? { sizeBytes: found.length } : null;
    },
    readSmall: async (key) => objects.get(key) ?? null,
    createSmall: async (key, bytes) => {
      if (objects.has(key)) return false;
      objects.set(key, bytes);
      return true;
    },
    writeSmall: async (key, bytes) => void objects.set(key, bytes),
    remove: async (key) => void objects.delete(key),
    list: async function* (prefix, { after = '' } = {}) {
      for (const [key, { length }] of [...objects].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        if (!key.startsWith(prefix) || key <= after) continue;
        yield { key, sizeBytes: length, modifiedAt: 0 };
      }
    },
    uriOf: (key) => `memory:${key}`,
    leftovers: async () => ({ count: 0, sizeBytes: 0 }),
    sweep: async () => ({ count: 0, sizeBytes: 0 }),
    space: async () => null,
    check: async () => {},
    stage: none,
    resume: none,
    read: () => {
      throw new Error('This storage has small objects only');
    },
  };
}
