import { ManifestError } from '../manifest-error.ts';
import { decodeMarked, saveAsUtf8 } from './text-encoding.ts';

/**
 * Decodes the text of a manifest, without its byte order mark.
 *
 * @throws {ManifestError} The file has another encoding, is a workbook, or is not text.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (isWorkbook(bytes)) throw new ManifestError(name, [{ message: workbookAdvice }]);
  const decoded = decodeMarked(bytes);
  if ('text' in decoded) return decoded.text;
  const { fault: message, line } = decoded;
  throw new ManifestError(name, [{ ...(line !== undefined && { line }), message }]);
}

/** Message for a spreadsheet's native file. */
export const workbookAdvice = `it is a spreadsheet workbook, not a text file: ${saveAsUtf8}`;

/** `.xlsx` and `.ods` are ZIP files; `.xls` is an OLE file. */
function isWorkbook(bytes: Uint8Array): boolean {
  const begin = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  return begin === 'PK\x03\x04' || begin === '\xd0\xcf\x11\xe0';
}
