import { keyProblem } from '../../contract/key-text.ts';
import { maxTagLength } from '../../contract/video-labels.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import { datePlaceholder, withDate } from './expand-date.ts';
import { FieldError, shownCell } from './field-error.ts';

/** A workflow id has 1,000 bytes at most, and holds the name of the batch besides. */
const maxKeyBytes = 200;
/** File systems take 255; room is left for suffixes. */
const maxFileNameBytes = 200;

/** A row's key, fit to stand in `video/<batch>/<key>`: one spelling of it, whatever the file has. @throws {FieldError} */
export function rowKey(given: string): string {
  const key = given.normalize('NFC');
  checkName(key, maxKeyBytes);
  const problem = keyProblem(key, '/');
  if (problem !== null) throw new FieldError(`${shownCell(key)} ${problem}`);
  return key;
}

/**
 * The key of a row that has none: equal requests are the same video. With `{{date}}` in the prompt the key has it too,
 * so that each day's request has a key of its own.
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

/** A file name that every system takes, without a folder. @throws {FieldError} */
export function outputFileName(name: string): string {
  checkName(name, maxFileNameBytes);
  if (/[/\\:*?"<>|]|^\.+$/.test(name)) {
    throw new FieldError(`${shownCell(name)} must be a file name without a folder, e.g. cat.mp4`);
  }
  return name;
}

/** Names go on into tables, commands and logs of others. */
function checkName(name: string, maxBytes: number): void {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new FieldError(`${shownCell(name)} holds a line break or an invisible character`);
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
      `${shownCell(unknown)} is no placeholder: there is only ${datePlaceholder}`,
    );
  }
  const sizeBytes = Buffer.byteLength(withDate(name, '2000-01-01'));
  if (sizeBytes > maxBytes) {
    throw new FieldError(
      `${shownCell(name)} has ${sizeBytes} bytes, more than ${maxBytes}: shorten it`,
    );
  }
}
