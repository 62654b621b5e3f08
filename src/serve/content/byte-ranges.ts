import type { ByteRange } from '../../contract/video-reader.ts';

/**
 * Reads the header `Range` for a file of `sizeBytes` (RFC 9110, 14.1.2): one range, with or without an end, or a suffix.
 *
 * Null if the whole file is to be sent: without the header, and for headers that a server may ignore, i.e. other units,
 * invalid ones, and lists of ranges, which players do not send.
 */
export function readRange(
  header: string | null,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  const end = sizeBytes - 1;
  if (first === '') return satisfiable({ start: Math.max(0, sizeBytes - Number(last)), end });
  const start = Number(first);
  if (last === '') return satisfiable({ start, end });
  if (Number(last) < start) return null;
  return satisfiable({ start, end: Math.min(end, Number(last)) });
}

function satisfiable(range: ByteRange): ByteRange | 'unsatisfiable' {
  return range.start <= range.end ? range : 'unsatisfiable';
}
