/** A duration as `0:07`, `12:30` or `1:02:03`. */
export function clock(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1_000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3_600);
  const [minutes, rest] = parts.map((part) => String(part).padStart(2, '0'));
  return hours > 0 ? `${hours}:${minutes}:${rest}` : `${parts[0]}:${rest}`;
}

const minuteMs = 60_000;

/** The minute that is nearest to a time. @param iso ISO 8601 */
export function nearestMinute(iso: string): Date {
  return new Date(Math.round(Date.parse(iso) / minuteMs) * minuteMs);
}

/** `2026-11-30 14:05 UTC`, the nearest minute. @param iso ISO 8601 */
export function utcMinute(iso: string): string {
  return `${nearestMinute(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-30 14:05:10 UTC`. @param iso ISO 8601 */
export function utcSecond(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
