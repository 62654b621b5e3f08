/** More than a person reads. */
const maxLineLength = 16 * 1024;

/** A text in one line: a run of white space with a line break in it becomes a single space, none at the ends. */
export function oneLine(text: string): string {
  const cut = text.length > maxLineLength ? `${text.slice(0, maxLineLength)}…` : text;
  return cut.replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space)).trim();
}
