/** An http(s) URL with its path and query unchanged, byte for byte. */
export interface RawUrl {
  /** Scheme, host and port, normalised. */
  origin: string;
  /** Path and query exactly as given, so that a signature over them stays valid. */
  path: string;
}

/** Servers do not accept a longer request line. */
export const maxAddressLength = 16 * 1024;

/**
 * Splits an absolute http(s) URL into origin and raw path.
 *
 * A WHATWG parser would encode `'`, `"`, `<` and `>` in a query and so break signed URLs. Here only characters that are
 * invalid in a request line (spaces, non-ASCII) are percent-encoded. The fragment is dropped.
 *
 * @returns undefined for any other scheme, for user names and passwords, backslashes, control characters, and
 *   more than 16 KB.
 * @see docs/gateway.md#download-rules
 */
export function parseRawUrl(text: string): RawUrl | undefined {
  if (text.length > maxAddressLength) return undefined;
  const match = /^(https?:)\/\/([^/?#\\@\s]+)([^#]*)/i.exec(text);
  if (!match) return undefined;
  const [, scheme = '', authority = '', rest = ''] = match;
  if (!/^(?:[/?]|$)/.test(rest) || hasControlCharacter(text)) return undefined;
  try {
    const { origin } = new URL(`${scheme}//${authority}`);
    return { origin, path: toRequestTarget(rest.startsWith('/') ? rest : `/${rest}`) };
  } catch {
    return undefined;
  }
}

const hasScheme = /^[a-z][a-z0-9+.-]*:/i;

/** Resolves a `Location` header against `from` without changing the query. */
export function resolveLocation(from: RawUrl, location: string): string {
  // A URL that is too long is rejected later.
  if (location.length > maxAddressLength || hasScheme.test(location)) return location;
  if (location.startsWith('//')) return `${new URL(from.origin).protocol}${location}`;
  if (location.startsWith('/')) return `${from.origin}${location}`;
  const fromPath = pathOnly(from);
  if (location === '' || /^[?#]/.test(location)) return `${from.origin}${fromPath}${location}`;
  const folder = fromPath.slice(0, fromPath.lastIndexOf('/') + 1);
  const end = location.search(/[?#]/);
  const path = end === -1 ? location : location.slice(0, end);
  return `${from.origin}${removeDots(folder + path)}${end === -1 ? '' : location.slice(end)}`;
}

/** The path without its query. */
export function pathOnly({ path }: RawUrl): string {
  return path.split('?', 1)[0] ?? path;
}

/** Shortens a URL for messages and removes the query, which may contain a signature. */
export function speakableUrl(text: string): string {
  if (/^data:/i.test(text)) return 'data:';
  const url = parseRawUrl(text);
  return url
    ? `${url.origin}${pathOnly(url)}`.slice(0, 1_000)
    : text.slice(0, 120).replace(/[?#][^]*$/, '');
}

function hasControlCharacter(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- these are what must not reach a request line
  return /[\u0000-\u001f\u007f]/.test(text);
}

function toRequestTarget(path: string): string {
  return path.replace(/[^\u0021-\u007e]+/gu, (part) => encodeURIComponent(part));
}

function removeDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..' && kept.length > 1) kept.pop();
    else if (segment !== '.' && segment !== '..') kept.push(segment);
    if (last && (segment === '.' || segment === '..')) kept.push('');
  }
  return kept.join('/');
}
