import { basename, extname } from 'node:path';

/** Derives the batch name from a file name. */
export function nameOfFile(path: string): string {
  const name = basename(path, extname(path));
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '');
}
