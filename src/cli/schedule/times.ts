import { readDuration } from '../../contract/duration-text.ts';
import { UsageError } from '../context.ts';

/** `90s`, `30m`, `6h` or `1d`, in milliseconds. @throws {UsageError} */
export function parseDuration(flag: string, text: string): number {
  const durationMs = readDuration(text);
  if (durationMs !== null) return durationMs;
  throw new UsageError(`Cannot use ${flag} "${text}": use a duration like 90s, 30m, 6h or 1d`);
}

/** An ISO 8601 date or time; without a zone it is UTC. @throws {UsageError} */
export function parseMoment(flag: string, text: string | undefined): Date {
  const isIso = text !== undefined && /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}|$)/.test(text);
  const hasZone = text !== undefined && /(Z|[+-]\d{2}:\d{2})$/.test(text);
  const moment = new Date(isIso && text.includes('T') && !hasZone ? `${text}Z` : (text ?? ''));
  if (isIso && !Number.isNaN(moment.getTime())) return moment;
  const given = text === undefined ? 'is missing' : `"${text}" is not a time`;
  throw new UsageError(`${flag} ${given}: use e.g. 2026-11-23 or 2026-11-23T03:00Z`);
}
