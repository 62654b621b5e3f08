/**
 * Characters that change how a text is shown, or that a person does not see: control characters, line and paragraph
 * separators, marks of direction, zero-width characters and tags. Joiners stay: emoji and some scripts need them.
 */
// oxlint-disable-next-line no-control-regex
const unsafe =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** A text of an agent, as a person may see it before they permit something: nothing in it is hidden or looks like more. */
export function visibleText(text: string, replacement: string): string {
  return text.replace(unsafe, replacement);
}

/** The same with the line breaks of the text. */
export function visibleLines(text: string, replacement = '�'): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => visibleText(line, replacement))
    .join('\n');
}
