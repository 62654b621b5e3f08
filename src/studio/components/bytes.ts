const units = ['kB', 'MB', 'GB', 'TB'];

/** `812 B`, `2.1 MB`. */
export function bytesText(count: number): string {
  if (count < 1_000) return `${count} B`;
  let value = count / 1_000;
  let unit = 0;
  for (; value >= 999.95 && unit < units.length - 1; unit += 1) value /= 1_000;
  return `${value.toFixed(1)} ${units[unit]}`;
}
