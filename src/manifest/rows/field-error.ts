/** An invalid value. Reported as a {@link Problem} of its row. */
export class FieldError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FieldError';
  }
}

const shownCharacters = 60;

/** Formats a value for messages: quoted, shortened, without terminal control characters. Lists and objects by type only. */
export function shownCell(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = String(value);
  const cut = text.slice(0, shownCharacters).replace(/\p{C}/gu, '�');
  return text.length > shownCharacters ? `"${cut}…"` : `"${cut}"`;
}
