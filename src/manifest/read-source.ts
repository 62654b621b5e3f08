import { open } from 'node:fs/promises';
import { maxManifestBytes } from './limits.ts';
import { ManifestError } from './manifest-error.ts';

export type ManifestSource = Uint8Array | AsyncIterable<Uint8Array>;

/** Reads all bytes of a source. Stops reading a stream at the size limit. @throws {ManifestError} Too large. */
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

/** Reads a file. Rejects a file over the size limit without reading it. @throws {ManifestError} */
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
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

function refuseSize(sizeBytes: number, name: string): void {
  if (sizeBytes <= maxManifestBytes) return;
  const limit = `${maxManifestBytes / 1024 ** 2} MiB`;
  throw new ManifestError(name, [{ message: `it has more than ${limit}: split it into several` }]);
}
