import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { storageConfig } from '../config.ts';
import { createStorage } from '../storage/create-storage.ts';
import { createStoredImages, imageReference } from '../storage/stored-images.ts';
import { UsageError, type Env } from './context.ts';

/** The text of `--body`: a file, or `-` for standard input. @throws {UsageError} */
export async function readBodyText(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readOrExplain(`Cannot read the body file "${path}"`, () => readFile(path, 'utf8'));
}

/**
 * Turns `--image` values into what may stand in a request: addresses stay, local files go into the storage and are
 * named by digest, so that no picture enters a history.
 *
 * @throws {UsageError} A file cannot be read, or is no image.
 * @throws {StorageError}
 */
export async function storeImages(values: readonly string[], env: Env): Promise<string[]> {
  if (values.every(isAddress)) return [...values];
  const images = createStoredImages({ storage: await createStorage(storageConfig(env)) });
  return referToImages(values, (bytes) => images.put(bytes));
}

/** The same references, and nothing is stored. @throws {UsageError} */
export function nameImages(values: readonly string[]): Promise<string[]> {
  return referToImages(values, async (bytes) => imageReference(bytes));
}

async function referToImages(
  values: readonly string[],
  referTo: (bytes: Uint8Array) => Promise<string>,
): Promise<string[]> {
  const references: string[] = [];
  for (const value of values) {
    const bytes = isAddress(value) ? null : await readImage(value);
    references.push(bytes === null ? value : await explained(value, () => referTo(bytes)));
  }
  return references;
}

/** A `data:` address would bring its bytes into the history, and is refused by its size soon enough. */
function isAddress(value: string): boolean {
  return /^(https?:\/\/|data:|stored-image:)/i.test(value);
}

function readImage(path: string): Promise<Buffer> {
  return readOrExplain(`Cannot read the image "${path}"`, () => readFile(resolve(path)));
}

async function explained(path: string, run: () => Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`Cannot use the image "${path}": ${cause.message}`, { cause });
  }
}

async function readOrExplain<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    throw new UsageError(`${what}: ${reasons[code] ?? (cause as Error).message}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};
