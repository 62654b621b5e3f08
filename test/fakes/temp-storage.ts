import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';

export interface TempStorage {
  folder: string;
  storage: VideoStorage;
  /** Every file below the folder, unfinished ones included, as sorted relative paths. */
  files(): Promise<string[]>;
  text(key: string): Promise<string>;
}

/** Real file storage in a folder that lives as long as the running test. */
export async function tempStorage(): Promise<TempStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    storage: createFileStorage({ folder }),
    files: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
    },
    text: (key) => readFile(join(folder, key), 'utf8'),
  };
}

/** The same storage, with some methods that fail from the start or from a certain moment on. */
export function withFailing(
  storage: VideoStorage,
  methods: (keyof VideoStorage)[],
  when: () => boolean = () => true,
): VideoStorage {
  const failing = Object.fromEntries(
    methods.map((name) => [
      name,
      (...given: never[]) =>
        when()
          ? Promise.reject(new StorageError(`Cannot ${name}: the disk is gone`))
          : (storage[name] as (...args: never[]) => unknown)(...given),
    ]),
  );
  return { ...storage, ...failing };
}
