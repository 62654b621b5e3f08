import type { JobCharge } from '../../contract/charge.ts';
import { createClaimEntries, type ClaimEntry } from './claim-entries.ts';
import { createClaimPacks, isOf, type ClaimPacks } from './claim-packs.ts';
import {
  claimSchema,
  closedSchema,
  jobOfClaim,
  withMoney,
  type ClaimedJob,
  type ClaimOutcome,
  type ClosedClaim,
  type NewClaim,
  type SubmitClaim,
} from './claim.ts';
import { readAhead } from '../read-ahead.ts';
import { StorageError } from '../storage-error.ts';
import type { VideoStorage } from '../video-storage.ts';
import { spellingsOf } from '../../contract/key-text.ts';
import { claimObjectKey } from '../../identity/object-key.ts';

const maxClaimBytes = 64 * 1024;

/**
 * The exclusive record of a submit, created before its POST. Without a claim no POST is sent.
 *
 * Temporal's history alone is not enough: a reset, a second start with the same workflow id or a lost database would
 * submit again. `sent` without an outcome means that a worker died in between and the billing is unknown.
 */
export interface SubmitClaims {
  /** Null if this call acquired the claim. Otherwise the existing claim, or `closed` for a closed key. */
  acquire(claim: NewClaim): Promise<SubmitClaim | 'closed' | null>;
  /** Permanently closes a key that has no claim. False if there is a claim. */
  close(claimKey: string): Promise<boolean>;
  /** The claim of the key, or `closed`. Null if there is neither. */
  find(claimKey: string): Promise<SubmitClaim | 'closed' | null>;
  /** The claim of the key. Also null if the key is closed. */
  read(claimKey: string): Promise<SubmitClaim | null>;
  /** Rejects if the claim already names a job, or if a later submit of the key has acquired it. */
  record(claim: NewClaim, outcome: ClaimOutcome): Promise<void>;
  /** Adds the gateway's charge to the claim if it names this job. Does not change other claims. */
  charge(charge: JobCharge): Promise<void>;
  /** Frees the key after a submit that provably created no job. Rejects as `record` does. */
  release(claim: NewClaim): Promise<void>;
  /**
   * Makes this job the final job of the key: every later start of the key returns it. Creates a claim without a POST if
   * the key has none. Keeps what an existing claim records about its own submit.
   */
  giveJob(claim: NewClaim, job: ClaimedJob): Promise<void>;
  /**
   * Lists the claims made since then (milliseconds since the epoch); may include earlier ones. Skips objects that are
   * not claims.
   *
   * @param untilMs Claims made from then on may be left out. Default: lists all.
   */
  listSince(sinceMs: number, untilMs?: number): AsyncIterable<SubmitClaim>;
  /** The same until now, from copies of past days where there are any. They are not newer than the begin of the list. */
  listCopies(sinceMs: number): AsyncIterable<SubmitClaim>;
}

export function createSubmitClaims({ storage }: { storage: VideoStorage }): SubmitClaims {
  const entries = createClaimEntries({ storage });
  const packs = createClaimPacks({ storage });
  return {
    acquire: async (claim) => {
      const key = await homeOf(storage, claim.claimKey);
      await entries.note(key, claim.claimedAt);
      const sent = encode({ ...claim, outcome: { state: 'sent' } });
      if (await storage.createSmall(key, sent)) return null;
      return demandThere(storage, key);
    },
    close: async (claimKey) => closeKey(storage, claimKey),
    find: async (claimKey) => readObject(storage, await homeOf(storage, claimKey), 'fail'),
    read: async (claimKey) => readClaim(storage, await homeOf(storage, claimKey)),
    record: async (claim, outcome) => {
      const key = await homeOf(storage, claim.claimKey);
      const { endedWith } = (await demandOpen(storage, { key, claim })) ?? {};
      const recorded = { ...claim, outcome, ...(endedWith && { endedWith }) };
      await storage.writeSmall(key, encode(recorded));
    },
    charge: async ({ claimKey, jobId, ...money }) => {
      const key = await homeOf(storage, claimKey);
      const claim = await readClaim(storage, key);
      const charged = claim && withMoney(claim, jobId, money);
      if (!charged) return;
      await packs.noteChange(key, claim.claimedAt);
      await storage.writeSmall(key, encode(charged));
    },
    release: async (claim) => {
      const key = await homeOf(storage, claim.claimKey);
      const stored = await demandOpen(storage, { key, claim });
      // If there is no claim, a concurrent submit may be creating one now.
      if (!stored) return;
      const { endedWith } = stored;
      if (!endedWith) return storage.remove(key);
      await storage.writeSmall(key, encode({ ...claim, outcome: withoutPost(endedWith) }));
    },
    giveJob: async (claim, job) => giveJobTo(storage, packs, { claim, job }),
    ...listsOf(storage, packs),
  };
}

function withoutPost(job: ClaimedJob): ClaimOutcome {
  return { state: 'accepted', ...job, withoutPost: true };
}

async function giveJobTo(
  storage: VideoStorage,
  packs: ClaimPacks,
  { claim: given, job }: { claim: NewClaim; job: ClaimedJob },
): Promise<void> {
  const { admission: _, ...claim } = given;
  const key = await homeOf(storage, claim.claimKey);
  const created = { ...claim, outcome: withoutPost(job) };
  if (await storage.createSmall(key, encode(created))) return;
  const stored = await demandThere(storage, key);
  if (stored === 'closed') return storage.writeSmall(key, encode(created));
  if (jobOfClaim(stored)?.jobId === job.jobId) return;
  await packs.noteChange(key, stored.claimedAt);
  await storage.writeSmall(key, encode({ ...stored, endedWith: job }));
}

async function closeKey(storage: VideoStorage, claimKey: string): Promise<boolean> {
  const key = await homeOf(storage, claimKey);
  if (await storage.createSmall(key, encode({ claimKey, closedAt: Date.now() }))) return true;
  return (await demandThere(storage, key)) === 'closed';
}

function listsOf(
  storage: VideoStorage,
  packs: ClaimPacks,
): Pick<SubmitClaims, 'listSince' | 'listCopies'> {
  const entries = createClaimEntries({ storage });
  return {
    listSince: (fromMs, toMs) =>
      listClaims(entries.list({ fromMs, toMs }), (entry) => readEntry(storage, entry)),
    listCopies: async function* (fromMs) {
      const copied = withCopies(entries.list({ fromMs }), await packs.open({ fromMs }));
      yield* listClaims(copied, async ({ copy, ...entry }) => copy ?? readEntry(storage, entry));
    },
  };
}

async function* listClaims<Entry extends ClaimEntry>(
  entries: AsyncIterable<Entry>,
  read: (entry: Entry) => Promise<SubmitClaim | null>,
): AsyncIterable<SubmitClaim> {
  for await (const claim of readAhead(entries, read)) if (claim) yield claim;
}

async function* withCopies(
  entries: AsyncIterable<ClaimEntry>,
  find: Awaited<ReturnType<ClaimPacks['open']>>,
): AsyncIterable<ClaimEntry & { copy: SubmitClaim | null }> {
  for await (const entry of entries) yield { ...entry, copy: await find(entry) };
}

/** The claim of an entry. Null if there is none, or if it was made on another day. */
export async function readEntry(
  storage: VideoStorage,
  { claimObject, day }: ClaimEntry,
): Promise<SubmitClaim | null> {
  const claim = await readClaim(storage, claimObject, 'skip');
  if (!claim || day === undefined) return claim;
  return isOf(day, claim) ? claim : null;
}

/** Rejects a delayed worker's update, so that it does not overwrite a later outcome or a later submit. */
async function demandOpen(
  storage: VideoStorage,
  { key, claim }: { key: string; claim: NewClaim },
): Promise<SubmitClaim | null> {
  const stored = await readClaim(storage, key);
  if (!stored) return null;
  const isOurs = stored.runId === claim.runId && stored.claimedAt === claim.claimedAt;
  if (isOurs && stored.outcome.state !== 'accepted') return stored;
  throw new StorageError(
    `Cannot change "${key}": it was resolved or claimed again in the meantime`,
  );
}

/** A closed key has no claim. */
async function readClaim(
  storage: VideoStorage,
  key: string,
  ifBroken: 'skip' | 'fail' = 'fail',
): Promise<SubmitClaim | null> {
  const found = await readObject(storage, key, ifBroken);
  return found === 'closed' ? null : found;
}

async function demandThere(storage: VideoStorage, key: string): Promise<SubmitClaim | 'closed'> {
  const found = await readObject(storage, key, 'fail');
  if (found) return found;
  throw new StorageError(`Cannot read "${key}": it was removed concurrently`);
}

async function readObject(
  storage: VideoStorage,
  key: string,
  ifBroken: 'skip' | 'fail',
): Promise<SubmitClaim | 'closed' | null> {
  const bytes = await storage.readSmall(key, maxClaimBytes);
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    const { data } = claimSchema.safeParse(value);
    if (data) return data;
    closedSchema.parse(value);
    return 'closed';
  } catch (cause) {
    if (ifBroken === 'skip') return null;
    throw new StorageError(`Cannot read "${key}": it is not a claim`, { cause });
  }
}

function encode(value: SubmitClaim | ClosedClaim): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

/**
 * The object key of a claim. All spellings of one key share a claim. A claim that an earlier version created under
 * another spelling is not moved.
 */
async function homeOf(storage: VideoStorage, claimKey: string): Promise<string> {
  const [home, ...others] = spellingsOf(claimKey).map(claimObjectKey) as [string, ...string[]];
  if (others.length === 0 || (await storage.head(home))) return home;
  for (const key of others) if (await storage.head(key)) return key;
  return home;
}
