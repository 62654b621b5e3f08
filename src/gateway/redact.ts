/** The longest text of the gateway that we hand on, in characters. */
export const maxTextLength = 500;

/**
 * Takes out of a text what must not be printed: API keys, bearer tokens, queries of links (they hold signatures),
 * and inlined files.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text);
  return known
    .replace(/\bdata:[\w/+.-]+;base64,[\w+/=%-]*/gi, 'data:[…]')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"<>]+/gi, withoutQuery)
    .replace(
      /\?[^\s"<>]*(?:sign|sig|token|credential|key|access|auth)[^\s"<>]*=[^\s"<>]*/gi,
      '?[…]',
    )
    .replace(/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 [key]')
    .replace(/\bsk-[\w-]{8,}/g, '[key]');
}

/** At most `length` characters, with a mark where something was cut. */
export function shorten(text: string, length = maxTextLength): string {
  const characters = Array.from(text.slice(0, 4 * length));
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}

function withoutQuery(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/, '');
}
