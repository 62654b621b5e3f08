import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { cutText } from '../../contract/cut-text.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import {
  createOfferObjects,
  type Approval,
  type OfferObjects,
  type OfferUse,
  type StoredOffer,
} from './offer-objects.ts';
import { newSpendCode, readSpendCode } from './spend-code.ts';
import type { SpendRequest } from './spend-permission.ts';

/** A person approves a quote within this time, and an approved quote is used within it. */
export const approvalMs = 600_000;
/** A call with a token that was used finds its video for this long. */
const repeatMs = 86_400_000;
/** Clocks of machines differ by less. */
const skewMs = 60_000;
const dayMs = 86_400_000;

const maxPromptBytes = 8_000;
const maxMedia = 50;
const secretBytes = 20;
const tokenPattern = /^spend_([0-9A-Z]{8})_([0-9a-f]{40})$/;

/** A quote that an agent got, and what became of it. Times are milliseconds since the epoch. */
export interface SpendOffer extends Omit<StoredOffer, 'tokenHash'> {
  code: string;
  approval: Approval | null;
  use: OfferUse | null;
  /** `used` lasts a day. */
  state: 'open' | 'approved' | 'used' | 'expired';
}

/** The quotes that agents got. They are in the storage, so that each process and server with it knows them. */
export interface SpendOffers {
  create(request: SpendRequest): Promise<{ confirm: string; code: string; expiresAt: number }>;
  /** Null if the token is unknown or forged. */
  byToken(confirm: string): Promise<SpendOffer | null>;
  /** For the operator, who may read the storage. Null if the code is unknown. */
  byCode(code: string): Promise<SpendOffer | null>;
  /** Records a person's word. False if the quote has expired. */
  approve(code: string, by: Pick<Approval, 'by' | 'keyId'>): Promise<boolean>;
  /** Binds a quote to one video, for ever. Gives the use that counts, which may be that of another process. */
  use(code: string, use: OfferUse): Promise<OfferUse>;
}

/** The quotes in a storage. */
export function createSpendOffers({
  storage,
  now = Date.now,
}: {
  storage: Pick<VideoStorage, 'createSmall' | 'readSmall'>;
  now?: () => number;
}): SpendOffers {
  const objects = createOfferObjects(storage);
  const byCode = async (text: string) => {
    const code = readSpendCode(text);
    const found = code === null ? null : await readOffer(objects, code, now());
    return found?.offer ?? null;
  };
  return {
    create: async (request) => {
      const expiresAt = now() + approvalMs;
      for (;;) {
        const code = newSpendCode();
        const confirm = `spend_${code}_${randomBytes(secretBytes).toString('hex')}`;
        const quote = { ...describe(request), tokenHash: hashOf(confirm), expiresAt };
        // Otherwise another quote has this code.
        if (await objects.create(code, 'quote', quote)) return { confirm, code, expiresAt };
      }
    },
    byToken: async (confirm) => {
      const [, code] = tokenPattern.exec(confirm) ?? [];
      const found = code === undefined ? null : await readOffer(objects, code, now());
      return found && isEqual(found.tokenHash, hashOf(confirm)) ? found.offer : null;
    },
    byCode,
    approve: async (text, by) => {
      const offer = await byCode(text);
      if (!offer || offer.state === 'expired') return false;
      await objects.create(offer.code, 'approval', { ...by, approvedAt: now() });
      return true;
    },
    use: async (code, use) => {
      if (await objects.create(code, 'use', use)) return use;
      const counting = await objects.read(code, 'use');
      if (counting) return counting;
      throw new StorageError(`Cannot read the use of the quote "${code}", which exists`);
    },
  };
}

async function readOffer(
  objects: OfferObjects,
  code: string,
  nowMs: number,
): Promise<{ tokenHash: string; offer: SpendOffer } | null> {
  const quote = await objects.read(code, 'quote');
  if (!quote) return null;
  const [approval, use] = await Promise.all([
    objects.read(code, 'approval'),
    objects.read(code, 'use'),
  ]);
  const { tokenHash, ...offer } = quote;
  const known = { ...offer, code, approval, use };
  return { tokenHash, offer: { ...known, state: stateOf(known, nowMs) } };
}

function describe(request: SpendRequest): Omit<StoredOffer, 'tokenHash' | 'expiresAt'> {
  const {
    tenant,
    digest,
    money,
    model,
    prompt,
    makes = null,
    prices = null,
    shown = null,
  } = request;
  const kept = prompt === null ? null : cutText(prompt, { bytes: maxPromptBytes });
  return {
    tenant: tenant.name,
    digest,
    money: knownMoney(money),
    prices,
    model: short(model),
    prompt: kept,
    isPromptCut: kept !== prompt,
    shown,
    makes: makes && {
      ...makes,
      resolution: makes.resolution && short(makes.resolution),
      ratio: makes.ratio && short(makes.ratio),
      media: makes.media
        .slice(0, maxMedia)
        .map(({ field, role }) => ({ field: short(field), role: short(role) })),
    },
  };
}

function short(text: string): string {
  return cutText(text, { bytes: 200 });
}

/** Null for what is no amount. */
export function knownMoney(money: number | null): number | null {
  return money !== null && Number.isFinite(money) && money >= 0 ? money : null;
}

function stateOf(
  { expiresAt, approval, use }: Pick<SpendOffer, 'expiresAt' | 'approval' | 'use'>,
  nowMs: number,
): SpendOffer['state'] {
  if (use) return nowMs < use.usedAt + repeatMs ? 'used' : 'expired';
  if (approval) {
    const isAhead = approval.approvedAt > nowMs + skewMs;
    return !isAhead && nowMs < approvalEnd(approval, expiresAt) ? 'approved' : 'expired';
  }
  return nowMs < expiresAt ? 'open' : 'expired';
}

/** When a used quote no longer starts a video. */
export function startEnd(
  { expiresAt, approval }: Pick<SpendOffer, 'expiresAt' | 'approval'>,
  { by, usedAt }: Pick<OfferUse, 'by' | 'usedAt'>,
): number {
  if (by === 'approval') return approval ? approvalEnd(approval, expiresAt) : expiresAt;
  const end = Math.min(usedAt, expiresAt + approvalMs) + approvalMs;
  // What is reserved counts for its day.
  return by === 'standing' ? Math.min(end, dayEnd(usedAt)) : end;
}

/** The clock of the machine that approved may be wrong: an approval does not outlive the time of its quote. */
function approvalEnd({ approvedAt }: Approval, expiresAt: number): number {
  return Math.min(approvedAt, expiresAt) + approvalMs;
}

/** The end of the UTC day. */
export function dayEnd(atMs: number): number {
  return (Math.floor(atMs / dayMs) + 1) * dayMs;
}

function hashOf(confirm: string): string {
  return createHash('sha256').update(confirm).digest('hex');
}

/** Both are hashes, so their lengths are equal. */
function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}
