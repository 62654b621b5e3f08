const graphemes = new Intl.Segmenter();

/**
 * Truncates a text to at most `characters` graphemes and at most `bytes` of UTF-8, without splitting a grapheme. Reads
 * only the start of a long text.
 */
export function cutText(
  text: string,
  { characters = Number.POSITIVE_INFINITY, bytes }: { characters?: number; bytes: number },
): string {
  // A code unit takes at least one byte, so nothing after these can fit.
  const start = text.slice(0, bytes + 1);
  let end = 0;
  let leftBytes = bytes;
  let leftCharacters = characters;
  for (const { segment } of graphemes.segment(start)) {
    leftBytes -= utf8Bytes(segment);
    leftCharacters -= 1;
    if (leftBytes < 0 || leftCharacters < 0) break;
    end += segment.length;
  }
  return start.slice(0, end);
}

/** Length in UTF-8. The isolate has no TextEncoder. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
