/** The maximum length of a gateway text that we pass on, in characters. */
export const maxTextLength = 500;

/**
 * The maximum number of characters of a foreign text that patterns run on. A response may have many megabytes, and a
 * running pattern blocks the process.
 */
export const maxPatternLength = 2_048;

/** At the end of a cut text, a run of up to this many characters without a space may be part of a secret. */
const maxHalfSecret = 256;

/**
 * Redacts a text: API keys, bearer tokens, URL queries (they contain signatures), and inlined files. Keeps only the
 * beginning of a long text. Runs in linear time.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return redactUpTo(maxPatternLength, { text, secrets });
}

/** As {@link redact}, but keeps up to `maxLength` characters, for a text that is stored for people to read. */
export function redactUpTo(
  maxLength: number,
  { text, secrets }: { text: string; secrets: readonly string[] },
): string {
  const known = secrets.reduce(
    (rest, secret) => rest.replaceAll(secret, '[key]'),
    cutTo(maxLength, { text, secrets }),
  );
  return known
    .replace(/\bdata:[\w/+.-]+;base64,[\w+/=%-]*/gi, 'data:[…]')
    .replace(/:\/\/[^\s"<>]+/g, withoutQuery)
    .replace(/\?[^\s"<>]+/g, withoutSecretQuery)
    .replace(/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 [key]')
    .replace(/\bsk-[\w-]{8,}/g, '[key]');
}

/**
 * The beginning of a text, short enough for patterns, with a mark if it was cut. Drops a possible secret at the cut,
 * because no pattern recognises a partial secret.
 */
export function beginningOf(text: string, secrets: readonly string[] = []): string {
  return cutTo(maxPatternLength, { text, secrets });
}

function cutTo(
  maxLength: number,
  { text, secrets }: { text: string; secrets: readonly string[] },
): string {
  if (text.length <= maxLength) return text;
  const cut = secrets.reduce(withoutHalf, text.slice(0, maxLength - 1));
  let end = cut.length;
  while (end > cut.length - maxHalfSecret && isVisibleAscii(cut.charCodeAt(end - 1))) end -= 1;
  if (isHighSurrogate(cut.charCodeAt(end - 1))) end -= 1;
  return `${cut.slice(0, end)}…`;
}

/** Shortens a text to `length` characters, with a mark if it was cut. */
export function shorten(text: string, length = maxTextLength): string {
  const characters = Array.from(text.slice(0, 4 * length));
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}

function withoutHalf(text: string, secret: string): string {
  for (let length = secret.length - 1; length > 0; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length);
  }
  return text;
}

/** The characters of a secret: those of `[^\s"<>]`, limited to ASCII. */
function isVisibleAscii(code: number): boolean {
  return code > 0x20 && code < 0x7f && !ends.has(code);
}

const ends = new Set(Array.from('"<>', (character) => character.charCodeAt(0)));

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** @param rest A URL from `://` on. */
function withoutQuery(rest: string): string {
  return rest.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/, '');
}

const secretNames = /sign|sig|token|credential|key|access|auth/i;

function withoutSecretQuery(query: string): string {
  const name = query.search(secretNames);
  return name !== -1 && query.includes('=', name) ? '?[…]' : query;
}
