import { isUtf8 } from 'node:buffer';
import { ManifestError } from './manifest-error.ts';

const advice = 'save it as UTF-8 (in Excel: "CSV UTF-8")';
const newline = 0x0a;

/**
 * The text of a manifest, without its byte order mark.
 *
 * Guessing an encoding would pay for prompts with garbled words, so only UTF-8 is read.
 *
 * @throws {ManifestError} Another encoding, or no text at all.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const refuse = (message: string, line?: number) => {
    return new ManifestError(name, [{ ...(line !== undefined && { line }), message }]);
  };
  if (looksLikeUtf16(buffer)) throw refuse(`it is UTF-16: ${advice}`);
  const nul = buffer.indexOf(0);
  if (nul !== -1)
    throw refuse(`it holds a NUL byte, so it is no text: ${advice}`, lineOf(buffer, nul));
  if (!isUtf8(buffer)) {
    throw refuse(`it is not UTF-8, maybe Latin-1: ${advice}`, firstLineNotUtf8(buffer));
  }
  return buffer.toString('utf8').replace(/^\u{FEFF}/u, '');
}

/** By its byte order mark, or by the zeros beside each Latin letter. */
function looksLikeUtf16(buffer: Buffer): boolean {
  if (buffer.length < 2) return false;
  const mark = buffer.readUInt16BE(0);
  if (mark === 0xfe_ff || mark === 0xff_fe) return true;
  return (buffer[0] === 0) !== (buffer[1] === 0) && (buffer[2] === 0) === (buffer[0] === 0);
}

function lineOf(buffer: Buffer, offset: number): number {
  let line = 1;
  for (const byte of buffer.subarray(0, offset)) if (byte === newline) line += 1;
  return line;
}

/** A line break is no part of a longer character, so each line can be asked alone. */
function firstLineNotUtf8(buffer: Buffer): number {
  for (let start = 0, line = 1; ; line += 1) {
    const found = buffer.indexOf(newline, start);
    const end = found === -1 ? buffer.length : found;
    if (found === -1 || !isUtf8(buffer.subarray(start, end))) return line;
    start = end + 1;
  }
}
