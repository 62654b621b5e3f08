import { z } from 'zod';
import {
  claimEntryKey,
  claimMonthPrefix,
  claimPrefix,
  claimsCountedKey,
  entryOf,
} from '../../identity/object-key.ts';
import type { VideoStorage } from '../video-storage.ts';

const dayMs = 24 * 3_600_000;
/** Until all workers are upgraded, workers of an earlier version create claims without entries. */
const replacedWithinMs = 7 * dayMs;

/** An index of claims by creation date, to list recent claims without reading all of them. */
export interface ClaimEntries {
  /** Called before the claim is created, so that a crash never leaves a claim without an entry. */
  note(claimObject: string, claimedAtMs: number): Promise<void>;
  /** Object keys of claims that may have been made since then, with `day` if the entry names one. */
  listSince(sinceMs: number): AsyncIterable<ClaimEntry>;
}

export interface ClaimEntry {
  claimObject: string;
  /** `YYYY-MM-DD`. If it differs from the claim's day, the entry is from a submit that found the claim taken. */
  day?: string;
}

/** An empty object per claim, in a folder per month: `claims-by-month/2026-11/29-<name>.json`. */
export function createClaimEntries({ storage }: { storage: VideoStorage }): ClaimEntries {
  let counted: Promise<unknown> | undefined;
  return {
    note: async (claimObject, claimedAtMs) => {
      counted ??= noteCounted(storage);
      await counted.catch((error: unknown) => {
        counted = undefined;
        throw error;
      });
      await storage.writeSmall(claimEntryKey(claimObject, claimedAtMs), Buffer.from('{}\n'));
    },
    listSince: async function* (sinceMs) {
      const countedMs = await readCounted(storage);
      if (countedMs === null || sinceMs < countedMs + replacedWithinMs) {
        yield* listAll(storage, sinceMs);
      } else yield* listByMonth(storage, sinceMs);
    },
  };
}

async function noteCounted(storage: VideoStorage): Promise<void> {
  const text = JSON.stringify({ since: Date.now() });
  await storage.createSmall(claimsCountedKey, Buffer.from(text));
}

/** When the index by month began. Null if there is none yet, or its start is unreadable. */
async function readCounted(storage: VideoStorage): Promise<number | null> {
  const bytes = await storage.readSmall(claimsCountedKey, 1_024);
  if (bytes === null) return null;
  try {
    const given: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return z.object({ since: z.number() }).parse(given).since;
  } catch {
    return null;
  }
}

/** Lists all claims, for windows where some have no entry. Skips claims last written before `sinceMs`. */
async function* listAll(storage: VideoStorage, sinceMs: number): AsyncIterable<ClaimEntry> {
  for await (const { key, modifiedAt } of storage.list(claimPrefix)) {
    if (modifiedAt >= sinceMs) yield { claimObject: key };
  }
}

async function* listByMonth(storage: VideoStorage, sinceMs: number): AsyncIterable<ClaimEntry> {
  const sinceDay = new Date(sinceMs).toISOString().slice(0, 10);
  for (const month of monthsSince(sinceDay.slice(0, 7))) {
    for await (const { key } of storage.list(claimMonthPrefix(month))) {
      const entry = entryOf(key);
      if (entry && entry.day >= sinceDay) yield entry;
    }
  }
}

/** The months from `first` to that of tomorrow, since clocks differ. */
function monthsSince(first: string): string[] {
  const last = new Date(Date.now() + dayMs).toISOString().slice(0, 7);
  const months: string[] = [];
  const at = new Date(`${first}-01T00:00:00Z`);
  for (; at.toISOString().slice(0, 7) <= last; at.setUTCMonth(at.getUTCMonth() + 1)) {
    months.push(at.toISOString().slice(0, 7));
  }
  return months;
}
