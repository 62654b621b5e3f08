const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `30m`, `6h` or `1d`, in milliseconds; null if the text is no such duration above 0. */
export function readDuration(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const durationMs = Number(count) * (unitsMs[unit] ?? 0);
  return durationMs > 0 ? durationMs : null;
}

/** A duration as `readDuration` reads it, in the largest unit that gives a whole number: `90m`, `6h`. */
export function durationText(durationMs: number): string {
  const units = Object.entries(unitsMs).toReversed();
  const [unit, unitMs] = units.find(([, ms]) => durationMs % ms === 0) ?? ['s', 1_000];
  return `${Math.round(durationMs / unitMs)}${unit}`;
}
