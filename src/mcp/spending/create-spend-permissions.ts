import { createHash } from 'node:crypto';
import type { StandingCap } from '../../config/mcp-config.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { OfferUse } from './offer-objects.ts';
import { refusal, type RefusalOptions } from './refusals.ts';
import { showSpendCode } from './spend-code.ts';
import {
  createSpendOffers,
  dayEnd,
  knownMoney,
  startEnd,
  type SpendOffer,
  type SpendOffers,
} from './spend-offers.ts';
import type { Permission, SpendPermissions, SpendRequest } from './spend-permission.ts';
import { createStandingPermission, type StandingPermission } from './standing-permission.ts';
import { expiredOffers } from './expired-offers.ts';

/** What {@link createSpendPermissions} works with. */
export interface SpendPorts {
  storage: Pick<VideoStorage, 'createSmall' | 'readSmall' | 'list' | 'remove'>;
  /** Null: a person approves each video. */
  standing: StandingCap | null;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

interface Parts {
  now: () => number;
  offers: SpendOffers;
  standing: StandingPermission | null;
}

/**
 * The person's word, kept in the storage: it counts for all servers, terminals and MCP processes of one storage.
 *
 * A token is one of a stored quote. The agent gets it from `quote_video`, so it permits nothing by itself: a person
 * approves the quote, on the page or in a terminal. With a standing permission, videos below its cap need no approval.
 */
export function createSpendPermissions({
  storage,
  standing: cap,
  now = Date.now,
}: SpendPorts): SpendPermissions {
  const offers = createSpendOffers({ storage, now });
  const standing = cap && createStandingPermission({ storage, cap, now });
  const removeExpired = expiredOffers(storage, now);
  return {
    offer: async (request) => {
      removeExpired();
      const { confirm, code, expiresAt } = await offers.create(request);
      return {
        confirm,
        code: showSpendCode(code),
        expiresAt,
        ...approvalAddress(request, confirm),
      };
    },
    check: async (request, confirm) =>
      confirm === undefined
        ? checkStanding({ offers, standing, now }, request)
        : checkToken({ offers, standing, now }, request, confirm),
    agreed: async (request, { confirm, key }) => {
      const offer = await offers.byToken(confirm);
      const isOfRequest = offer?.tenant === request.tenant.name && offer.digest === request.digest;
      if (!offer || !isOfRequest || offer.state === 'expired') return key;
      return (await offers.use(offer.code, { key, by: 'question', usedAt: now() })).key;
    },
  };
}

async function checkStanding({ standing, now }: Parts, request: SpendRequest): Promise<Permission> {
  if (!standing) return refusal('none');
  // What is reserved counts for its day, so nothing is started with it on the next one.
  const startUntil = dayEnd(now());
  const reserved = await standing.reserve(request);
  if (reserved.ok) return { ok: true, by: 'standing', key: reserved.key, startUntil };
  return refusal(reserved.reason, {
    standing: { cap: standing.cap, reserved: 'reserved' in reserved ? reserved.reserved : 0 },
  });
}

async function checkToken(
  parts: Parts,
  request: SpendRequest,
  confirm: string,
): Promise<Permission> {
  const offer = await parts.offers.byToken(confirm);
  if (!offer || offer.tenant !== request.tenant.name) return refusal('unknown_token');
  const options: RefusalOptions = {
    code: showSpendCode(offer.code),
    ...approvalAddress(request, confirm),
  };
  if (offer.digest !== request.digest) return refusal('other_request');
  if (costsMore(request, offer)) return refusal('other_request', { why: 'price' });
  if (offer.use) {
    return offer.state === 'used' ? asUsed(offer, offer.use, request) : refusal('expired');
  }
  if (offer.state === 'expired') return refusal('expired');
  const key = request.key ?? keyOf(confirm);
  const usedAt = parts.now();
  const by = await permittedBy(parts, { offer, request: { ...request, key } });
  if (!by) return refusal('not_approved', options);
  return asUsed(offer, await parts.offers.use(offer.code, { key, by, usedAt }), request);
}

async function permittedBy(
  { standing }: Parts,
  { offer, request }: { offer: SpendOffer; request: SpendRequest },
): Promise<'approval' | 'standing' | null> {
  if (offer.state === 'approved') return 'approval';
  const reserved = await standing?.reserve(request);
  return reserved?.ok ? 'standing' : null;
}

/** A used token permits its one video, under the key that it was first used with. */
function asUsed(offer: SpendOffer, use: OfferUse, request: SpendRequest): Permission {
  const { key, by } = use;
  const isOtherVideo = request.key !== undefined && request.key !== key;
  if (isOtherVideo) return refusal('other_request', { why: 'key' });
  return { ok: true, by, key, startUntil: startEnd(offer, use) };
}

/** A person who approved a video without a known price has approved any price. */
function costsMore({ money: given }: SpendRequest, { money: approved }: SpendOffer): boolean {
  const money = knownMoney(given);
  return approved !== null && (money === null || money > approved);
}

function keyOf(confirm: string): string {
  return `confirm_${createHash('sha256').update(confirm).digest('hex').slice(0, 32)}`;
}

function approvalAddress({ serverUrl }: SpendRequest, confirm: string): { approveUrl?: string } {
  return serverUrl === undefined ? {} : { approveUrl: `${serverUrl}/approve/${confirm}` };
}
