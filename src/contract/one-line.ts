/** Longer texts are truncated. */
const maxLineLength = 16 * 1024;

/** Joins the lines of a text: white space with a line break becomes one space, and the ends are trimmed. */
export function oneLine(text: string): string {
  const cut = text.length > maxLineLength ? `${text.slice(0, maxLineLength)}…` : text;
  return cut.replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space)).trim();
}
