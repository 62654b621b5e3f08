import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { storageConfig } from '../../config/storage-config.ts';
import { cutText } from '../../contract/cut-text.ts';
import { isLongDataUri } from '../../contract/stored-inputs.ts';
import type { MediaKind } from '../../contract/video-request.ts';
import { createStorage } from '../../storage/create-storage.ts';
import { createStoredImages, mediaReference } from '../../storage/records/stored-images.ts';
import { mediaFlags, type RequestFlags } from './build-request.ts';
import { UsageError, type Env } from '../context.ts';

/** The text of `--body`: a file, or `-` for standard input. @throws {UsageError} */
export async function readBodyText(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readOrExplain(`Cannot read the body file "${path}"`, () => readFile(path, 'utf8'));
}

/**
 * The same flags with values for a request: addresses stay; local files, and data URIs too long for a history, become
 * references by digest. Nothing is stored.
 *
 * @throws {UsageError} A file cannot be read, or is not an image, video or sound.
 */
export async function nameMedia<Flags extends RequestFlags>(flags: Flags): Promise<Flags> {
  return withMedia(flags, async (bytes, kind) => mediaReference(bytes, kind));
}

/** Stores the media that {@link nameMedia} refers to. @throws {UsageError} @throws {StorageError} */
export async function storeMedia(flags: RequestFlags, env: Env): Promise<void> {
  const values = mediaFlags.flatMap((name) => flags[name] ?? []);
  if (values.every(isAddress)) return;
  const images = createStoredImages({ storage: await createStorage(storageConfig(env)) });
  await withMedia(flags, (bytes, kind) => images.put(bytes, kind));
}

/** Stores the long data URIs of a request, by their SHA-256. @throws {UsageError} @throws {StorageError} */
export async function storeTexts(texts: ReadonlyMap<string, string>, env: Env): Promise<void> {
  if (texts.size === 0) return;
  const images = createStoredImages({ storage: await createStorage(storageConfig(env)) });
  for (const [sha256, text] of texts) {
    await explained(text, () => images.putText(text, sha256));
  }
}

async function withMedia<Flags extends RequestFlags>(
  flags: Flags,
  referTo: (bytes: Uint8Array, kind: MediaKind) => Promise<string>,
): Promise<Flags> {
  const named: RequestFlags = {};
  const refer = async (value: string, kind: MediaKind) => {
    if (isAddress(value)) return value;
    const bytes = dataBytes(value) ?? (await readMedium(value));
    return explained(value, () => referTo(bytes, kind));
  };
  for (const name of ['firstFrame', 'lastFrame'] as const) {
    if (flags[name] !== undefined) named[name] = await refer(flags[name], 'image');
  }
  for (const [name, kind] of Object.entries(listKinds) as [keyof typeof listKinds, MediaKind][]) {
    const values = flags[name];
    if (values) named[name] = await Promise.all(values.map((value) => refer(value, kind)));
  }
  return { ...flags, ...named };
}

/** Kinds of media of the flags that may be repeated. */
const listKinds = {
  image: 'image',
  reference: 'image',
  referenceVideo: 'video',
  referenceAudio: 'audio',
} as const satisfies Partial<Record<keyof RequestFlags, MediaKind>>;

/** Whether a value is sent unchanged. */
function isAddress(value: string): boolean {
  if (/^data:/i.test(value)) return dataBytes(value) === null;
  return /^(https?:\/\/|asset:\/\/|tos:\/\/|stored-image:)/i.test(value);
}

/** The bytes of a data URI that is too long for a history; null for anything else. */
function dataBytes(value: string): Buffer | null {
  const [, base64] = /^data:[^,]*;base64,(.*)$/is.exec(value) ?? [];
  return base64 === undefined || !isLongDataUri(value) ? null : Buffer.from(base64, 'base64');
}

function readMedium(path: string): Promise<Buffer> {
  return readOrExplain(`Cannot read the file "${path}"`, () => readFile(resolve(path)));
}

async function explained<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`Cannot use "${cutText(path, { bytes: 120 })}": ${cause.message}`, {
      cause,
    });
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
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
