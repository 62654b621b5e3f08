import type { DiskSpace } from '../../storage/folder/disk-space.ts';

const units = ['kB', 'MB', 'GB', 'TB'];

/** `812 bytes`, `2.1 MB`. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} bytes`;
  let value = count / 1_000;
  let unit = 0;
  for (; value >= 999.95 && unit < units.length - 1; unit += 1) value /= 1_000;
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** `1 video`, `3 videos`. */
export function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `12.3 GB of 50.0 GB free`, with a warning if that is little. */
export function spaceWords({ freeBytes, totalBytes, nearlyFull }: DiskSpace): string {
  const free = `${bytes(freeBytes)} of ${bytes(totalBytes)} free`;
  return nearlyFull ? `${free}: nearly full, free some space` : free;
}
