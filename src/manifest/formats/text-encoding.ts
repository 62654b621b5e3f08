import { isUtf8 } from 'node:buffer';

/** Advice for the end of a message. */
export const saveAsUtf8 = 'save it as UTF-8 (in Excel: "CSV UTF-8")';

const newline = 0x0a;

export type DecodedText = { text: string } | { fault: string; line?: number };

/**
 * Decodes a file without its byte order mark (BOM): UTF-8, or UTF-16 with a BOM, as saved by Windows. Other encodings
 * would have to be guessed, and a wrong guess garbles text.
 */
export function decodeMarked(bytes: Uint8Array): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const marked = utf16Of(buffer);
  if (marked) return marked;
  if (looksLikeUtf16(buffer)) {
    return { fault: `it is UTF-16 without a byte order mark: ${saveAsUtf8}` };
  }
  const nul = buffer.indexOf(0);
  if (nul !== -1) {
    const fault = `it contains a NUL byte, so it is not text: ${saveAsUtf8}`;
    return { fault, line: lineOf(buffer, nul) };
  }
  if (!isUtf8(buffer)) {
    const fault = `it is not UTF-8, maybe Latin-1, GBK or Shift-JIS: ${saveAsUtf8}`;
    return { fault, line: firstLineNotUtf8(buffer) };
  }
  return { text: buffer.toString('utf8').replace(/^\u{FEFF}/u, '') };
}

function utf16Of(buffer: Buffer): DecodedText | null {
  const mark = buffer.length < 2 ? 0 : buffer.readUInt16BE(0);
  if (mark !== 0xfe_ff && mark !== 0xff_fe) return null;
  try {
    const decoder = new TextDecoder(mark === 0xfe_ff ? 'utf-16be' : 'utf-16le', { fatal: true });
    return { text: decoder.decode(buffer) };
  } catch {
    return { fault: `it has a UTF-16 byte order mark but is not valid UTF-16: ${saveAsUtf8}` };
  }
}

/** Detects the zero byte next to each Latin letter. */
function looksLikeUtf16(buffer: Buffer): boolean {
  if (buffer.length < 2) return false;
  return (buffer[0] === 0) !== (buffer[1] === 0) && (buffer[2] === 0) === (buffer[0] === 0);
}

function lineOf(buffer: Buffer, offset: number): number {
  let line = 1;
  for (const byte of buffer.subarray(0, offset)) if (byte === newline) line += 1;
  return line;
}

/** Line break bytes never occur inside a multi-byte UTF-8 character, so each line can be checked alone. */
function firstLineNotUtf8(buffer: Buffer): number {
  for (let start = 0, line = 1; ; line += 1) {
    const found = buffer.indexOf(newline, start);
    const end = found === -1 ? buffer.length : found;
    if (found === -1 || !isUtf8(buffer.subarray(start, end))) return line;
    start = end + 1;
  }
}
