import { z } from 'zod';
import {
  dayEntryKey,
  dayIndexStartKey,
  dayMonthPrefix,
  readDayEntry,
  type DayIndexName,
} from '../identity/object-key.ts';
import type { VideoStorage } from './video-storage.ts';

const dayMs = 24 * 3_600_000;
/** Until all workers are upgraded, workers of an earlier version write objects without entries. */
export const replacedWithinMs = 7 * dayMs;

/** Milliseconds since the epoch. Entries name days, so a window means the days that it touches. */
export interface IndexWindow {
  fromMs: number;
  /** Exclusive. Default: until now. */
  toMs?: number | undefined;
}

/** An index of objects by day, to list those of some days without listing all. An empty object per entry. */
export interface DayIndex {
  /** Records since when there are entries, once per process: a period before that is not read from the index. */
  begin(): Promise<void>;
  /** Called before the object is written, so that a crash never leaves an object without an entry. */
  note(name: string, atMs: number): Promise<void>;
  /** True if every object of the window has an entry. */
  covers(fromMs: number): Promise<boolean>;
  /** When the index began; null if there are no entries yet, or its start is unreadable. */
  startMs(): Promise<number | null>;
  list(window: IndexWindow): AsyncIterable<DayEntry>;
}

export interface DayEntry {
  /** As it was given to `note`. */
  name: string;
  /** `YYYY-MM-DD`, UTC. */
  day: string;
}

/** A folder per month: `claims-by-month/2026-11/29-<name>`. */
export function createDayIndex({
  storage,
  index,
}: {
  storage: VideoStorage;
  index: DayIndexName;
}): DayIndex {
  let begun: Promise<unknown> | undefined;
  const begin = async () => {
    begun ??= noteStart(storage, index);
    await begun.catch((error: unknown) => {
      begun = undefined;
      throw error;
    });
  };
  return {
    begin,
    note: async (name, atMs) => {
      await begin();
      await storage.writeSmall(dayEntryKey(index, { name, atMs }), Buffer.from('{}\n'));
    },
    covers: async (fromMs) => {
      const startMs = await readStart(storage, index);
      return startMs !== null && fromMs >= startMs + replacedWithinMs;
    },
    startMs: () => readStart(storage, index),
    list: (window) => listDays(storage, index, window),
  };
}

async function noteStart(storage: VideoStorage, index: DayIndexName): Promise<void> {
  const text = JSON.stringify({ since: Date.now() });
  await storage.createSmall(dayIndexStartKey(index), Buffer.from(text));
}

/** When the index began. Null if there is none yet, or its start is unreadable. */
async function readStart(storage: VideoStorage, index: DayIndexName): Promise<number | null> {
  const bytes = await storage.readSmall(dayIndexStartKey(index), 1_024);
  if (bytes === null) return null;
  try {
    const given: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return z.object({ since: z.number() }).parse(given).since;
  } catch {
    return null;
  }
}

/** Keys are listed in order: a list begins with the first day of the window, and ends after its last. */
async function* listDays(
  storage: VideoStorage,
  index: DayIndexName,
  { fromMs, toMs = Infinity }: IndexWindow,
): AsyncIterable<DayEntry> {
  // Clocks differ, so a window until now, or later, ends tomorrow.
  const endMs = Math.min(toMs, Date.now() + dayMs);
  const [first, last] = [dayOf(fromMs), dayOf(endMs - 1)];
  for (const month of monthsOf(first, last)) {
    const prefix = dayMonthPrefix(index, month);
    const after = first.startsWith(month) ? prefix + first.slice(8) : prefix;
    for await (const { key } of storage.list(prefix, { after })) {
      const entry = readDayEntry(index, key);
      if (entry && entry.day > last) break;
      if (entry && entry.day >= first) yield entry;
    }
  }
}

function monthsOf(first: string, last: string): string[] {
  const months: string[] = [];
  const at = new Date(`${first.slice(0, 7)}-01T00:00:00Z`);
  for (; at.toISOString().slice(0, 7) <= last.slice(0, 7); at.setUTCMonth(at.getUTCMonth() + 1)) {
    months.push(at.toISOString().slice(0, 7));
  }
  return months;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
