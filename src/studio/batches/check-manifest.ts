import { calendarDate } from '../../contract/calendar-date.ts';
import type { ImageReference } from '../../manifest/rows/image-references.ts';
import { readManifest, type Manifest } from '../../manifest/read-manifest.ts';
import { createStoredImages } from '../../storage/records/stored-images.ts';
import type { StudioPorts } from '../ports.ts';
import type { BatchFields } from './batch-fields.ts';

/** The day of the rows: that of `{{date}}`. */
export function dayOf({ options }: Pick<BatchFields, 'options'>, nowMs: number): string {
  return calendarDate(new Date(nowMs), options.timeZone ?? 'UTC');
}

/**
 * Checks an uploaded manifest. Stores its long data URIs, but no rows, and starts nothing.
 *
 * @param noFiles Why a row cannot name an image file: an upload has no other files beside it.
 * @throws {ManifestError} Lists all problems at once.
 */
export async function checkManifest(
  file: { name: string; bytes: Uint8Array },
  { storage, host, now }: Pick<StudioPorts, 'storage' | 'host' | 'now'>,
  { fields, noFiles }: { fields: BatchFields; noFiles: string },
): Promise<Manifest> {
  const { ignoreColumns, options } = fields;
  const problem: ImageReference = { problem: noFiles };
  return readManifest(file.bytes, {
    name: file.name,
    date: dayOf(fields, now()),
    ignoreColumns,
    sendAnyway: options.sendAnyway,
    host,
    referToImage: () => Promise.resolve(problem),
    storeText: createStoredImages({ storage }).putText,
  });
}
