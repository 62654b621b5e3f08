import { FieldError, shownCell } from './field-error.ts';

/** A text that says something and that every system can keep. */
export function filledText(value: unknown): string {
  if (typeof value !== 'string') {
    throw new FieldError(`${shownCell(value)} must be a text: put it in quotes`);
  }
  if (value.trim() === '') throw new FieldError('is blank');
  return soundText(value);
}

/** As {@link filledText}, where spaces around it can only be a slip. */
export function tidyText(value: unknown): string {
  const text = filledText(value);
  if (text.trim() === text) return text;
  throw new FieldError(`${shownCell(text)} has spaces at its ends: remove them`);
}

/** NUL and half characters do not survive storages and wires. */
export function soundText(text: string): string {
  if (/\0|\p{Cs}/u.test(text))
    throw new FieldError(`${shownCell(text)} holds a NUL or half a character`);
  return text;
}

/** A list, or a text of its items: as JSON, or with `;` between them. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const text = filledText(value);
  if (!text.startsWith('[')) return text.split(';').map((item) => item.trim());
  const parsed = jsonOr(text);
  if (Array.isArray(parsed)) return parsed;
  throw new FieldError(`${shownCell(text)} is neither a JSON list nor items with ; between them`);
}

/** What a JSON text stands for; anything else is given back. */
export function jsonOr(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
