/**
 * The header `Content-Disposition` (RFC 6266): browsers play the file, and save it as `fileName`.
 *
 * A name outside ASCII is given twice: with `_` for such characters, and in UTF-8. Characters that end the header, or
 * that file systems refuse, become `_`.
 *
 * @example contentDisposition('a.mp4') === 'inline; filename="a.mp4"'
 */
export function contentDisposition(fileName: string): string {
  const name = fileName.replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:"%*<>?|]/gu, '_');
  const ascii = name.replace(/[^\x20-\x7e]/gu, '_');
  const plain = `inline; filename="${ascii}"`;
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${extended(name)}`;
}

/** RFC 8187: what `encodeURIComponent` leaves as it is, but RFC 8187 does not allow, is escaped as well. */
function extended(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
