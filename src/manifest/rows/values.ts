import { FieldError, shownCell } from './field-error.ts';

/** Requires a non-blank text without NUL or lone surrogates. */
export function filledText(value: unknown): string {
  if (typeof value !== 'string') {
    throw new FieldError(`${shownCell(value)} must be a text: put it in quotes`);
  }
  if (value.trim() === '') throw new FieldError('is blank');
  return soundText(value);
}

/** As {@link filledText}, but rejects surrounding spaces. */
export function tidyText(value: unknown): string {
  const text = filledText(value);
  if (text.trim() === text) return text;
  throw new FieldError(`${shownCell(text)} has leading or trailing spaces: remove them`);
}

/** Rejects NUL and lone surrogates, which are lost in storage or transport. */
export function soundText(text: string): string {
  if (/\0|\p{Cs}/u.test(text))
    throw new FieldError(`${shownCell(text)} contains a NUL or a lone surrogate`);
  return text;
}

/** Reads a list, a JSON list as text, or items separated by `;`. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const text = filledText(value);
  if (!text.startsWith('[')) return text.split(';').map((item) => item.trim());
  const parsed = jsonOr(text);
  if (Array.isArray(parsed)) return parsed;
  throw new FieldError(`${shownCell(text)} is neither a JSON list nor items separated by ;`);
}

/** Parses JSON text. Returns any other value unchanged. */
export function jsonOr(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
