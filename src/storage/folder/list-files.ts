import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asideFolder } from '../checked-keys.ts';
import { absentAsNull, folderError } from './file-system.ts';
import type { StoredObject } from '../video-storage.ts';

/** The files below a folder whose key begins with `prefix`, in the order of their keys. */
export async function* listFiles(root: string, prefix: string): AsyncIterable<StoredObject> {
  try {
    yield* walk(root, '', prefix);
  } catch (cause) {
    throw folderError(root, `list "${prefix}"`, cause);
  }
}

async function* walk(root: string, within: string, prefix: string): AsyncIterable<StoredObject> {
  const folder = join(root, within);
  const entries = await absentAsNull(readdir(folder, { withFileTypes: true }));
  const keys = (entries ?? []).filter(isOurs).map((entry) => within + keyPart(entry));
  // By whole keys: the name "a.mp4" comes before the folder "a", the key "a/b" after "a.mp4" and before "a0".
  for (const key of keys.toSorted()) {
    if (key.endsWith('/') && (key.startsWith(prefix) || prefix.startsWith(key))) {
      if (key !== `${asideFolder}/`) yield* walk(root, key, prefix);
    } else if (key.startsWith(prefix)) {
      const found = await absentAsNull(stat(join(root, key)));
      if (found) yield { key, sizeBytes: found.size, modifiedAt: Math.trunc(found.mtimeMs) };
    }
  }
}

function isOurs(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isFile();
}

function keyPart(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}
