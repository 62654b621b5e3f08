/** The longest text of the gateway that we hand on, in characters. */
export const maxTextLength = 500;

/**
 * Patterns run over so many characters of a foreign text, never over all of it: an answer may have many megabytes, and
 * while a pattern runs, this process does nothing else.
 */
export const maxPatternLength = 2_048;

/** At the end of a cut text, so many characters without a space may be the beginning of a secret. */
const maxHalfSecret = 256;

/**
 * Takes out of a text what must not be printed: API keys, bearer tokens, queries of links (they hold signatures), and
 * inlined files. Of a long text only the beginning is kept. Takes linear time, whatever the text.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return redactUpTo(maxPatternLength, { text, secrets });
}

/** The same for a text that is kept for a person: so many of its characters. */
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
 * The beginning of a text, short enough for patterns, with a mark where it was cut. A secret that the cut would leave in
 * halves is dropped, since no pattern recognises half a secret.
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

/** At most `length` characters, with a mark where something was cut. */
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

/** What ends a link, ends a secret: the rest of `[^\s"<>]`, without the letters of other scripts. */
function isVisibleAscii(code: number): boolean {
  return code > 0x20 && code < 0x7f && !ends.has(code);
}

const ends = new Set(Array.from('"<>', (character) => character.charCodeAt(0)));

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** @param rest An address from its `://` on. */
function withoutQuery(rest: string): string {
  return rest.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/, '');
}

const secretNames = /sign|sig|token|credential|key|access|auth/i;

function withoutSecretQuery(query: string): string {
  const name = query.search(secretNames);
  return name !== -1 && query.includes('=', name) ? '?[…]' : query;
}
