import { readFile } from 'node:fs/promises';
import { gatewayGeneration } from '../../config/gateway-config.ts';
import { storageConfig } from '../../config/storage-config.ts';
import { calendarDate } from '../../contract/calendar-date.ts';
import type { ImageReference } from '../../manifest/rows/image-references.ts';
import type { ManifestError, Problem } from '../../manifest/manifest-error.ts';
import {
  readManifestFile,
  type Manifest,
  type ManifestOptions,
} from '../../manifest/read-manifest.ts';
import { createStorage } from '../../storage/create-storage.ts';
import { createStoredImages } from '../../storage/records/stored-images.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { CliContext, Env } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { UsageError } from '../context.ts';

export function openStorage(env: Env): Promise<VideoStorage> {
  return createStorage(storageConfig(env));
}

/** Reads and checks a manifest. Stores its image files by digest. */
export async function readBatchManifest(
  path: string,
  {
    storage,
    env,
    ...options
  }: Pick<ManifestOptions, 'date' | 'ignoreColumns' | 'sendAnyway'> & {
    storage: VideoStorage;
    env: Env;
  },
): Promise<Manifest> {
  const images = createStoredImages({ storage });
  return readManifestFile(path, {
    ...options,
    host: gatewayGeneration(env),
    referToImage: (file, kind) => referToFile(file, (bytes) => images.put(bytes, kind)),
    storeText: images.putText,
  });
}

/** Today in the given time zone. @throws {UsageError} */
export function today(timeZone: string): string {
  try {
    return calendarDate(new Date(), timeZone);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `Unknown time zone "${timeZone}": give an IANA name, e.g. Europe/Berlin`;
    throw new UsageError(message, { cause });
  }
}

/** Prints each silent change by the gateway once, with its rows. */
export function noteWarnings(
  { warnings }: Pick<Manifest, 'warnings'>,
  { output }: CliContext,
): void {
  for (const { field, message, lines } of warnings) {
    const where = lines.length === 1 ? `line ${lines[0]}` : `${lines.length} rows`;
    output.note(`${output.colors.yellow('warning:')} "${field}", ${where}: ${message}`);
  }
}

/** Prints all errors of a manifest with their lines. */
export function reportManifestError(error: ManifestError, { output }: CliContext): Exit {
  const { file, problems, more, message } = error;
  output.badResult(
    (colors) => [
      `${colors.red('error:')} Cannot use the manifest "${file}"; nothing was submitted`,
      ...problems.map((problem) => `  ${problemLine(file, problem)}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ],
    { outcome: 'error', error: { kind: 'invalid_request', message, problems, more } },
  );
  return 'badInput';
}

function problemLine(file: string, { line, field, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${field === undefined ? '' : `"${field}": `}${message}`;
}

/** The reference to an image file, or why it cannot be used. */
export async function referToFile(
  path: string,
  referTo: (bytes: Uint8Array) => Promise<string>,
): Promise<ImageReference> {
  try {
    return { reference: await referTo(await readFile(path)) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: error.message };
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    return { problem: reason };
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
