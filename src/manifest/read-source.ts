import { open } from 'node:fs/promises';
import { maxManifestBytes } from './limits.ts';
import { ManifestError } from './manifest-error.ts';

/** The bytes of a manifest, wherever they come from. */
export type ManifestSource = Uint8Array | AsyncIterable<Uint8Array>;

/** All bytes of a source; a long stream is left where the limit is passed. @throws {ManifestError} too large */
export async function readSource(source: ManifestSource, name: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) {
    refuseSize(source.length, name);
    return source;
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of source) {
    sizeBytes += chunk.length;
    refuseSize(sizeBytes, name);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The bytes of a file; too large a file is refused by its size, unread. @throws {ManifestError} */
export async function readSourceFile(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    refuseSize(size, path);
    return await readSource(file.createReadStream({ autoClose: false }), path);
  } catch (cause) {
    if (cause instanceof ManifestError) throw cause;
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new ManifestError(path, [{ message: reasons[code] ?? message }], { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

function refuseSize(sizeBytes: number, name: string): void {
  if (sizeBytes <= maxManifestBytes) return;
  const limit = `${maxManifestBytes / 1024 ** 2} MiB`;
  throw new ManifestError(name, [{ message: `it has more than ${limit}: split it into several` }]);
}
