import { claimPrefix } from '../../identity/object-key.ts';
import { createDayIndex, type IndexWindow } from '../day-index.ts';
import type { VideoStorage } from '../video-storage.ts';

/** An index of claims by creation date, to list the claims of some days without listing all of them. */
export interface ClaimEntries {
  /** Called before the claim is created, so that a crash never leaves a claim without an entry. */
  note(claimObject: string, claimedAtMs: number): Promise<void>;
  /** Object keys of claims that may have been made in the window, with `day` if the entry names one. */
  list(window: IndexWindow): AsyncIterable<ClaimEntry>;
}

export interface ClaimEntry {
  claimObject: string;
  /** `YYYY-MM-DD`. If it differs from the claim's day, the entry is from a submit that found the claim taken. */
  day?: string;
}

/** An empty object per claim, in a folder per month: `claims-by-month/2026-11/29-<name>.json`. */
export function createClaimEntries({ storage }: { storage: VideoStorage }): ClaimEntries {
  const index = createDayIndex({ storage, index: 'claims-by-month' });
  return {
    note: (claimObject, claimedAtMs) =>
      index.note(claimObject.slice(claimPrefix.length), claimedAtMs),
    list: async function* (window) {
      if (!(await index.covers(window.fromMs))) return yield* listAll(storage, window.fromMs);
      for await (const { name, day } of index.list(window)) {
        yield { claimObject: claimPrefix + name, day };
      }
    },
  };
}

/** Lists all claims, for windows where some have no entry. Skips claims last written before `fromMs`. */
async function* listAll(storage: VideoStorage, fromMs: number): AsyncIterable<ClaimEntry> {
  for await (const { key, modifiedAt } of storage.list(claimPrefix)) {
    if (modifiedAt >= fromMs) yield { claimObject: key };
  }
}
