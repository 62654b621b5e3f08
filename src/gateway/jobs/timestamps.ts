import { maxAddressLength } from '../transport/raw-url.ts';

/**
 * Reads a timestamp in seconds or milliseconds. 0 means not set.
 *
 * @returns Milliseconds since the epoch.
 */
export function timestampMs(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return undefined;
  return Math.round(number > 1e12 ? number : number * 1_000);
}

/** When a signed URL expires, read from its query. Milliseconds since the epoch. */
export function linkExpiryMs(url: string): number | undefined {
  if (url.length > maxAddressLength) return undefined;
  const query = queryOf(url);
  for (const vendor of ['x-amz', 'x-tos', 'x-oss', 'x-goog']) {
    const signedMs = compactDateMs(query.get(`${vendor}-date`));
    const lifetime = query.get(`${vendor}-expires`);
    if (signedMs !== undefined && lifetime !== undefined && /^\d+$/.test(lifetime)) {
      return signedMs + Number(lifetime) * 1_000;
    }
  }
  return timestampMs(query.get('expires'));
}

/** Parameter names in lower case. The first of equal names wins. */
function queryOf(url: string): Map<string, string> {
  const start = url.indexOf('?');
  const pairs = start === -1 ? [] : [...new URLSearchParams(url.slice(start + 1))];
  return new Map(pairs.toReversed().map(([name, value]) => [name.toLowerCase(), value]));
}

/** `20260720T032525Z` */
function compactDateMs(text: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  if (year === undefined || month === undefined) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
