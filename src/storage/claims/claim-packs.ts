import { z } from 'zod';
import { claimPackPrefix, claimPrefix } from '../../identity/object-key.ts';
import { createDayIndex, replacedWithinMs, type DayIndex, type IndexWindow } from '../day-index.ts';
import type { VideoStorage } from '../video-storage.ts';
import type { ClaimEntry } from './claim-entries.ts';
import { claimSchema, type SubmitClaim } from './claim.ts';

const hourMs = 3_600_000;
/**
 * From this age on, a change of a claim is noted before it is made. A claim is packed only when it is so much older that no
 * change that began without a note is still under way.
 */
const notedFromMs = 24 * hourMs;
/** Age of the youngest claim of a day that is packed. */
export const packedFromMs = 36 * hourMs;
/** A pack is a few MB. */
const maxPackBytes = 64 * 1024 * 1024;

const headSchema = z.object({ since: z.number() });
const lineSchema = z.object({ name: z.string(), claim: claimSchema });

/** A claim in a pack: the name of its object, without the prefix, and a copy. */
export type PackedClaim = z.infer<typeof lineSchema>;

/**
 * Copies of the claims of past days, many in one object: 100,000 claims are read with a few dozen calls. They are a cache. A
 * claim without a copy is read itself, and so is one with a noted change, whatever its pack says.
 */
export interface ClaimPacks {
  /** Called before a claim is changed that names its job: only those are in packs. */
  noteChange(claimObject: string, claimedAtMs: number): Promise<void>;
  /** Returns a function that finds the copy of an entry; entries are given in order. */
  open(window: IndexWindow): Promise<(entry: ClaimEntry) => Promise<SubmitClaim | null>>;
}

export function createClaimPacks({ storage }: { storage: VideoStorage }): ClaimPacks {
  const changes = createChanges(storage);
  return {
    noteChange: async (claimObject, claimedAtMs) => {
      if (Date.now() - claimedAtMs < notedFromMs) return;
      await changes.note(claimObject.slice(claimPrefix.length), claimedAtMs);
    },
    open: async (window) => {
      const since = await packableSince(changes, Date.now());
      if (since === null) return async () => null;
      const changed = new Set<string>();
      for await (const { name } of changes.list(window)) changed.add(name);
      const find = createReader(storage, { packs: await listPacks(storage, window), since });
      return async (entry) => {
        const copy = await find(entry);
        return copy && !changed.has(copy.name) ? copy.claim : null;
      };
    },
  };
}

/** An empty object per change, under the day of the claim: `changed-by-month/2026-11/29-<name>.json`. */
export function createChanges(storage: VideoStorage): DayIndex {
  return createDayIndex({ storage, index: 'changed-by-month' });
}

/**
 * When changes began to be noted. Null while workers of an earlier version may still change claims without a note. Packs of
 * another start are not valid: the notes of that time may be lost.
 */
export async function packableSince(changes: DayIndex, nowMs: number): Promise<number | null> {
  const since = await changes.startMs();
  return since !== null && nowMs >= since + replacedWithinMs ? since : null;
}

/** Keys of packs by their day, in order. */
export async function listPacks(
  storage: VideoStorage,
  { fromMs }: Pick<IndexWindow, 'fromMs'>,
): Promise<Map<string, string[]>> {
  const packs = new Map<string, string[]>();
  const after = claimPackPrefix + new Date(fromMs).toISOString().slice(0, 10);
  for await (const { key } of storage.list(claimPackPrefix, { after })) {
    const day = key.slice(claimPackPrefix.length).slice(0, 10);
    packs.set(day, [...(packs.get(day) ?? []), key]);
  }
  return packs;
}

export function encodePack(since: number, claims: readonly PackedClaim[]): Uint8Array {
  const lines = [{ since }, ...claims].map((line) => `${JSON.stringify(line)}\n`);
  return Buffer.from(lines.join(''));
}

/** Claims and their packs have the same order, so one pack is in memory at a time. */
function createReader(
  storage: VideoStorage,
  { packs, since }: { packs: Map<string, string[]>; since: number },
) {
  let today: string | undefined;
  let rest: string[] = [];
  let copies = new Map<string, PackedClaim>();
  let last = '';
  return async ({ claimObject, day }: ClaimEntry): Promise<PackedClaim | null> => {
    if (day === undefined) return null;
    if (day !== today) {
      today = day;
      rest = [...(packs.get(day) ?? [])];
      copies = new Map();
      last = '';
    }
    const name = claimObject.slice(claimPrefix.length);
    while (last < name && rest.length > 0) {
      const read = await readPack(storage, rest.shift() ?? '', since);
      copies = new Map(read.map((copy) => [copy.name, copy]));
      last = read.at(-1)?.name ?? last;
    }
    const copy = copies.get(name);
    return copy && isOf(day, copy.claim) ? copy : null;
  };
}

export function isOf(day: string, { claimedAt }: SubmitClaim): boolean {
  return new Date(claimedAt).toISOString().startsWith(day);
}

/** What cannot be read is left out: its claims are read themselves. */
async function readPack(storage: VideoStorage, key: string, since: number): Promise<PackedClaim[]> {
  const bytes = await storage.readSmall(key, maxPackBytes);
  const lines = Buffer.from(bytes ?? [])
    .toString('utf8')
    .split('\n');
  const [head, ...claims] = lines.map(parseLine);
  if (headSchema.safeParse(head).data?.since !== since) return [];
  return claims.flatMap((line) => lineSchema.safeParse(line).data ?? []);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
