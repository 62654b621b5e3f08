/** What identifies the bytes of a file. */
export interface Validators {
  /** A strong entity tag, in quotes. */
  etag: string;
  lastModified?: Date;
}

/**
 * Evaluates the conditional headers of a GET or HEAD in the order of RFC 9110, 13.2.2. `failed` is answered with 412,
 * `not_modified` with 304.
 */
export function checkPreconditions(
  headers: Headers,
  { etag, lastModified }: Validators,
): 'met' | 'failed' | 'not_modified' {
  const ifMatch = headers.get('if-match');
  if (ifMatch !== null) {
    if (ifMatch.trim() !== '*' && !tagsOf(ifMatch).includes(etag)) return 'failed';
  } else if (isAfter(lastModified, headers.get('if-unmodified-since'))) return 'failed';

  const ifNoneMatch = headers.get('if-none-match');
  if (ifNoneMatch !== null) {
    const isSame = ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).map(opaque).includes(etag);
    return isSame ? 'not_modified' : 'met';
  }
  return isAfter(lastModified, headers.get('if-modified-since')) === false ? 'not_modified' : 'met';
}

/**
 * Whether the client's part is of the same file, so that the range may be sent. A date never proves that: two files
 * can have the same second.
 */
export function rangeApplies(headers: Headers, { etag }: Validators): boolean {
  const ifRange = headers.get('if-range');
  return ifRange === null || ifRange.trim() === etag;
}

/** The entity tags of a list, weak ones with `W/`. Tags may contain commas. */
function tagsOf(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/** For the weak comparison. */
function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** In whole seconds, as in HTTP. Undefined if one of the dates is missing or invalid. */
function isAfter(lastModified: Date | undefined, header: string | null): boolean | undefined {
  const since = Date.parse(header ?? '');
  if (!lastModified || Number.isNaN(since)) return undefined;
  return Math.floor(lastModified.getTime() / 1000) > since / 1000;
}
