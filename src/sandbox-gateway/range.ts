import { createHash } from 'node:crypto';
import { empty, transfer, type Transfer } from './answer.ts';
import type { Exchange } from './exchange.ts';

/** Modification time of the media files; a strong validator beside the ETag. */
const lastModified = 'Mon, 23 Nov 2026 03:40:00 GMT';

/** Serves a file like an object store: HEAD, one byte range, If-Range, 416. */
export function answerRange(exchange: Exchange, file: Buffer): Transfer {
  const whole = transfer(200, file, fileHeaders(file));
  const range = exchange.headers['range'];
  if (range === undefined || !validatorHolds(exchange, file)) return whole;
  const wanted = parseRange(range, file.length);
  if (wanted === 'ignored') return whole;
  if (wanted === 'unsatisfiable') {
    return empty(416, { ...fileHeaders(file), 'Content-Range': `bytes */${file.length}` });
  }
  return partial(file, wanted);
}

/** 206 with bytes `start` to `end`, both included. */
export function partial(file: Buffer, { start, end }: { start: number; end: number }): Transfer {
  return transfer(206, file.subarray(start, end + 1), {
    ...fileHeaders(file),
    'Content-Range': `bytes ${start}-${end}/${file.length}`,
  });
}

/** Strong ETag of a file, quotes included. */
export function etagOf(file: Buffer): string {
  return `"${createHash('md5').update(file).digest('hex')}"`;
}

/** Headers of a complete media response, without the length. */
export function fileHeaders(file: Buffer): Record<string, string> {
  return {
    'Content-Type': 'video/mp4',
    'Accept-Ranges': 'bytes',
    ETag: etagOf(file),
    'Last-Modified': lastModified,
  };
}

/** First byte of a `bytes=N-` header; null for any other form. */
export function rangeStart(exchange: Exchange): number | null {
  const match = /^bytes=(\d+)-/.exec(exchange.headers['range'] ?? '');
  return match === null ? null : Number(match[1]);
}

function validatorHolds(exchange: Exchange, file: Buffer): boolean {
  const validator = exchange.headers['if-range'];
  return validator === undefined || validator === etagOf(file) || validator === lastModified;
}

function parseRange(
  text: string,
  length: number,
): { start: number; end: number } | 'ignored' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text.trim());
  const [first = '', last = ''] = match?.slice(1) ?? [];
  if (match === null || (first === '' && last === '')) return 'ignored';
  if (first === '') {
    const count = Math.min(Number(last), length);
    return count === 0 ? 'unsatisfiable' : { start: length - count, end: length - 1 };
  }
  const start = Number(first);
  const end = last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (start >= length) return 'unsatisfiable';
  return end < start ? 'ignored' : { start, end };
}
