import type { Context } from 'hono';
import { maxManifestBytes } from '../../manifest/limits.ts';
import { readFormWithFiles } from '../page/form-files.ts';
import type { StudioEnv } from '../ports.ts';
import type { FieldFault } from './batch-fields.ts';

/** A form with a manifest. */
export interface Upload {
  fields: URLSearchParams;
  /** Null if the person chose no file. `bytes` is null if it is larger than a manifest may be. */
  file: { name: string; bytes: Uint8Array | null } | null;
}

/** A larger file is read and dropped, so that the browser shows our page. Above this it may see a closed connection. */
const maxFormBytes = 4 * maxManifestBytes;

/** Reads a form with a manifest in the field `file`. Nothing is stored. @throws {ApiError} 400, 413 */
export async function readUpload(
  context: Context<StudioEnv>,
  names: readonly string[],
): Promise<Upload> {
  const form = await readFormWithFiles(context, maxFormBytes);
  const fields = new URLSearchParams(
    Object.fromEntries(names.map((name) => [name, form.text(name)])),
  );
  const [file] = form.files('file');
  if (!file) return { fields, file: null };
  const isTooLarge = file.size > maxManifestBytes;
  const bytes = isTooLarge ? null : new Uint8Array(await file.arrayBuffer());
  return { fields, file: { name: file.name, bytes } };
}

/** What is wrong with the choice of a file. */
export function faultsOfFile(file: Upload['file']): FieldFault[] {
  if (!file) return [{ field: 'file', fault: 'noFile' }];
  return file.bytes === null ? [{ field: 'file', fault: 'fileTooLarge' }] : [];
}
