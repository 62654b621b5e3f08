import { keyProblem } from '../../contract/key-text.ts';
import { maxTagLength } from '../../contract/video-labels.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import { datePlaceholder, withDate } from './expand-date.ts';
import { FieldError, shownCell } from './field-error.ts';

/** A workflow id has at most 1,000 bytes and also contains the batch name. */
const maxKeyBytes = 200;
/** File names are limited to 255 bytes; the rest is for suffixes. */
const maxFileNameBytes = 200;

/** Normalises a row's key for use in `video/<batch>/<key>`. @throws {FieldError} */
export function rowKey(given: string): string {
  const key = given.normalize('NFC');
  checkName(key, maxKeyBytes);
  const problem = keyProblem(key, '/');
  if (problem !== null) throw new FieldError(`${shownCell(key)} ${problem}`);
  return key;
}

/**
 * The key of a row without one: equal requests are the same video. If the prompt contains `{{date}}`, so does the key,
 * so that each day's request gets its own key.
 */
export function defaultKey(request: VideoRequest): string {
  const digest = requestDigest(request);
  return request.body.prompt?.includes(datePlaceholder) ? `${digest}-${datePlaceholder}` : digest;
}

/** @throws {FieldError} */
export function listTag(tag: string): string {
  checkName(tag, maxTagLength);
  return tag;
}

/** Validates a file name without a folder that all common file systems accept. @throws {FieldError} */
export function outputFileName(name: string): string {
  checkName(name, maxFileNameBytes);
  if (/[/\\:*?"<>|]|^\.+$/.test(name)) {
    throw new FieldError(`${shownCell(name)} must be a file name without a folder, e.g. cat.mp4`);
  }
  return name;
}

/** Names are also used in spreadsheets, commands and logs. */
function checkName(name: string, maxBytes: number): void {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new FieldError(`${shownCell(name)} contains a line break or an invisible character`);
  }
  if (/^[=+\-@]/.test(name)) {
    throw new FieldError(
      `${shownCell(name)} begins like a spreadsheet formula: begin it with a letter or a digit`,
    );
  }
  const [unknown] = (name.match(/\{\{[^{}]*\}\}/g) ?? []).filter(
    (word) => word !== datePlaceholder,
  );
  if (unknown !== undefined) {
    throw new FieldError(
      `${shownCell(unknown)} is not a placeholder: the only one is ${datePlaceholder}`,
    );
  }
  const sizeBytes = Buffer.byteLength(withDate(name, '2000-01-01'));
  if (sizeBytes > maxBytes) {
    throw new FieldError(
      `${shownCell(name)} has ${sizeBytes} bytes, more than ${maxBytes}: shorten it`,
    );
  }
}
