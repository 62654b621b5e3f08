import type { VideoStorage } from '../../src/storage/video-storage.ts';

/** Records the keys of all objects that are read, and that lists give. */
export function watchedStorage(storage: VideoStorage) {
  const read: string[] = [];
  const listed: string[] = [];
  const look: VideoStorage = {
    ...storage,
    readSmall: (key, maxBytes) => {
      read.push(key);
      return storage.readSmall(key, maxBytes);
    },
    list: async function* (...given) {
      for await (const object of storage.list(...given)) {
        listed.push(object.key);
        yield object;
      }
    },
  };
  return { look, read, listed };
}
