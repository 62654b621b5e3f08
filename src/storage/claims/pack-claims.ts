import { claimPackKey, claimPrefix } from '../../identity/object-key.ts';
import { createDayIndex } from '../day-index.ts';
import { readAhead } from '../read-ahead.ts';
import type { VideoStorage } from '../video-storage.ts';
import {
  createChanges,
  encodePack,
  listPacks,
  packableSince,
  packedFromMs,
  type PackedClaim,
} from './claim-packs.ts';
import { readEntry } from './submit-claims.ts';

const dayMs = 24 * 3_600_000;
/** An admission that starts without state counts 31 days. */
const packedDays = 32;
/** About 4 MB. */
const inOnePack = 5_000;

interface PackOptions {
  storage: VideoStorage;
  nowMs: number;
}

/**
 * Packs the claims of one past day that has no packs yet, the latest first, and removes packs that are too old to be counted.
 * One day per call, so that the first calls after an upgrade do not read a month at once. Several workers may do it at the
 * same time: their packs are equally good.
 *
 * @returns The day, or null if there was none to pack.
 * @throws {StorageError}
 */
export async function packClaims({ storage, nowMs }: PackOptions): Promise<string | null> {
  const changes = createChanges(storage);
  await changes.begin();
  const since = await packableSince(changes, nowMs);
  if (since === null) return null;
  const packs = await listPacks(storage, { fromMs: 0 });
  const oldest = dayOf(nowMs - packedDays * dayMs);
  for (const [day, keys] of packs) {
    if (day < oldest) for (const key of keys) await storage.remove(key);
  }
  const day = await nextDay(storage, { packs, nowMs });
  if (day !== null) await packDay(storage, { day, since });
  return day;
}

/** A day is done with its last pack. */
async function nextDay(
  storage: VideoStorage,
  { packs, nowMs }: { packs: Map<string, string[]>; nowMs: number },
): Promise<string | null> {
  const index = createDayIndex({ storage, index: 'claims-by-month' });
  for (let age = 1; age <= packedDays; age += 1) {
    const day = dayOf(nowMs - age * dayMs);
    const beginMs = Date.parse(day);
    if (beginMs + dayMs > nowMs - packedFromMs) continue;
    if (!(await index.covers(beginMs))) return null;
    if (!packs.get(day)?.some((key) => key.endsWith('-last.jsonl'))) return day;
  }
  return null;
}

async function packDay(
  storage: VideoStorage,
  { day, since }: { day: string; since: number },
): Promise<void> {
  const index = createDayIndex({ storage, index: 'claims-by-month' });
  const fromMs = Date.parse(day);
  const names: string[] = [];
  for await (const { name } of index.list({ fromMs, toMs: fromMs + dayMs })) names.push(name);
  for (let begin = 0, number = 1; begin === 0 || begin < names.length; number += 1) {
    const claims: PackedClaim[] = [];
    const some = names.slice(begin, begin + inOnePack);
    for await (const packed of readAhead(some, (name) => readOne(storage, { name, day }))) {
      if (packed) claims.push(packed);
    }
    begin += inOnePack;
    const key = claimPackKey({ day, number, isLast: begin >= names.length });
    await storage.writeSmall(key, encodePack(since, claims));
  }
}

/** Only claims that name their job: of the others, the outcome may be recorded without a note. */
async function readOne(
  storage: VideoStorage,
  { name, day }: { name: string; day: string },
): Promise<PackedClaim | null> {
  const claim = await readEntry(storage, { claimObject: claimPrefix + name, day });
  return claim?.outcome.state === 'accepted' ? { name, claim } : null;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
