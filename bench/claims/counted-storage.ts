import type { VideoStorage } from '../../src/storage/video-storage.ts';

/** Calls of a storage since they were taken last. */
export interface StorageCalls {
  lists: number;
  /** Objects that the lists gave. */
  listed: number;
  /** Small objects that were read, or measured. */
  reads: number;
  writes: number;
}

/** The same storage, which counts its calls. */
export function countedStorage(storage: VideoStorage) {
  let calls: StorageCalls = { lists: 0, listed: 0, reads: 0, writes: 0 };
  const count = <Given extends unknown[], T>(
    name: 'reads' | 'writes',
    call: (...given: Given) => T,
  ) => {
    return (...given: Given): T => {
      calls[name] += 1;
      return call(...given);
    };
  };
  const counted: VideoStorage = {
    ...storage,
    head: count('reads', storage.head),
    readSmall: count('reads', storage.readSmall),
    createSmall: count('writes', storage.createSmall),
    writeSmall: count('writes', storage.writeSmall),
    list: async function* (...given) {
      calls.lists += 1;
      for await (const object of storage.list(...given)) {
        calls.listed += 1;
        yield object;
      }
    },
  };
  const takeCalls = (): StorageCalls => {
    const taken = calls;
    calls = { lists: 0, listed: 0, reads: 0, writes: 0 };
    return taken;
  };
  return { storage: counted, takeCalls };
}
