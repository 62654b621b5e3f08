import { badBody } from './body-fault.ts';
import { readText } from './read-text.ts';

/** What a part of a form is. */
export interface PartHeader {
  name: string;
  /** Given for files, with any content. */
  isFile: boolean;
}

const maxNameChars = 500;

/**
 * Reads the headers of a part. Parts without a name are refused: to skip one would change the request.
 *
 * @param headers As bytes in `latin1`, by lower-case name.
 * @throws {ApiError} 400
 */
export function readPartHeader(headers: Readonly<Record<string, readonly string[]>>): PartHeader {
  const [disposition = ''] = headers['content-disposition'] ?? [];
  const [type = ''] = headers['content-type'] ?? [];
  if (!/^form-data\s*;/i.test(disposition)) throw unreadable();
  const given = parameter(disposition, 'name');
  if (given === undefined || given === '') throw unreadable();
  const name = readText(Buffer.from(given, 'latin1'));
  if (name.length > maxNameChars) {
    throw badBody(`The name of a field has more than ${maxNameChars} characters`);
  }
  const isFile = /;\s*filename\*?=/i.test(disposition) || /^application\/octet-stream/i.test(type);
  const charset = parameter(type, 'charset')?.toLowerCase() ?? 'utf-8';
  if (!isFile && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    throw badBody(`Cannot read the charset "${charset}": send the text in UTF-8`, name);
  }
  return { name, isFile };
}

/** `name="…"` or `name=…`. */
function parameter(header: string, name: string): string | undefined {
  const [, quoted, bare] =
    new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(header) ?? [];
  return quoted?.replace(/\\(["\\])/g, '$1') ?? bare;
}

function unreadable(): Error {
  return badBody(
    'Cannot read a part of the form: it needs a header as Content-Disposition: form-data; name="prompt"',
  );
}
