/**
 * Reads a progress value: `30`, `"30%"`, `"30"`, `0.5` (a fraction).
 *
 * @returns 0–100; undefined if there is none. 100 does not mean success.
 */
export function progressPercent(value: unknown): number | undefined {
  const number = typeof value === 'string' ? fromText(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  const percent = !Number.isInteger(number) && number > 0 && number < 1 ? number * 100 : number;
  return percent >= 0 && percent <= 100 ? percent : undefined;
}

/** No valid value is longer. On a long run of spaces the pattern below would backtrack quadratically. */
const maxFigureLength = 40;

function fromText(text: string): number | undefined {
  if (text.length > maxFigureLength) return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(text);
  return match ? Number(match[1]) : undefined;
}
