import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StandingCap } from '../../config/mcp-config.ts';
import { standingSpendKey } from '../../identity/object-key.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { knownMoney } from './spend-offers.ts';
import type { SpendRequest } from './spend-permission.ts';

const maxEntryBytes = 1_000;
/** Amounts are added in millionths, as whole numbers: sums of fractions would be inexact. */
const unitsPerMoney = 1_000_000;

const entrySchema = z.object({
  /** Hash of the idempotency key and the request. */
  video: z.string(),
  units: z.int().nonnegative(),
});

type Entry = z.infer<typeof entrySchema>;

/** A reservation, or why there is none. */
export type Reservation =
  | { ok: true; key: string }
  | { ok: false; reason: 'unknown_price' }
  | { ok: false; reason: 'over_cap'; reserved: number };

/** The person's word for all videos below a cap per tenant and UTC day. */
export interface StandingPermission {
  cap: StandingCap;
  /**
   * Reserves the highest cost of a video. The same key and request reserve once a day. Nothing is given back.
   *
   * @param request Without a key, equal requests of a day are one video.
   */
  reserve(request: Pick<SpendRequest, 'tenant' | 'digest' | 'key' | 'money'>): Promise<Reservation>;
}

/**
 * The reservations of a tenant and day are numbered from 1. A number is taken by creating its object in the storage, so
 * no two processes take the same one, and whoever takes one has read all before it: the sum never exceeds the cap.
 */
export function createStandingPermission({
  storage,
  cap,
  now = Date.now,
}: {
  storage: Pick<VideoStorage, 'createSmall' | 'readSmall'>;
  cap: StandingCap;
  now?: () => number;
}): StandingPermission {
  const books = createBooks();
  return {
    cap,
    reserve: async ({ tenant, digest, key, money: given }) => {
      const money = knownMoney(given);
      if (money === null) return { ok: false, reason: 'unknown_price' };
      const day = new Date(now()).toISOString().slice(0, 10);
      const chosen = key ?? `standing_${day}_${digest.slice(0, 32)}`;
      const entry: Entry = { video: hashOf([chosen, digest]), units: unitsOf(money) };
      const book = books(tenant.name, day);
      for (;;) {
        const keyOf = (number: number) => standingSpendKey({ tenant: tenant.name, day, number });
        await readNew(storage, { book, keyOf });
        const earlier = book.filter(({ video }) => video === entry.video);
        if (earlier.some(({ units }) => units >= entry.units)) return { ok: true, key: chosen };
        const number = book.length + 1;
        const reserved = sumOf(book, cap);
        if (reserved + countOf(entry, cap) > limitOf(cap)) {
          return { ok: false, reason: 'over_cap', reserved: inWords(reserved, cap) };
        }
        const bytes = Buffer.from(`${JSON.stringify(entry)}\n`);
        // If the number is taken, another process was first, and its amount counts before this one.
        if (await storage.createSmall(keyOf(number), bytes)) return { ok: true, key: chosen };
      }
    },
  };
}

/** Entries never change, so those that were read are kept, for the current day. */
function createBooks(): (tenant: string, day: string) => Entry[] {
  let current = '';
  const books = new Map<string, Entry[]>();
  return (tenant, day) => {
    if (day !== current) books.clear();
    current = day;
    const book = books.get(tenant) ?? [];
    books.set(tenant, book);
    return book;
  };
}

/** Calls that run at once share a book: each entry is put at its own number. */
async function readNew(
  storage: Pick<VideoStorage, 'readSmall'>,
  { book, keyOf }: { book: Entry[]; keyOf: (number: number) => string },
): Promise<void> {
  for (let number = book.length + 1; ; number += 1) {
    const bytes = await storage.readSmall(keyOf(number), maxEntryBytes);
    if (!bytes) return;
    book[number - 1] = parseEntry(keyOf(number), bytes);
  }
}

/** @throws {StorageError} It is damaged: then nothing is permitted. */
function parseEntry(key: string, bytes: Uint8Array): Entry {
  try {
    return entrySchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new StorageError(`Cannot read "${key}": it is damaged`, { cause });
  }
}

function sumOf(book: readonly Entry[], cap: StandingCap): number {
  return book.reduce((sum, entry) => sum + countOf(entry, cap), 0);
}

function countOf({ units }: Entry, cap: StandingCap): number {
  return 'videos' in cap ? 1 : units;
}

function limitOf(cap: StandingCap): number {
  return 'videos' in cap ? cap.videos : Math.round(cap.money * unitsPerMoney);
}

function inWords(count: number, cap: StandingCap): number {
  return 'videos' in cap ? count : count / unitsPerMoney;
}

/** Rounded up, but not for the noise of binary fractions. */
function unitsOf(money: number): number {
  return Math.ceil(Number((money * unitsPerMoney).toFixed(3)));
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
