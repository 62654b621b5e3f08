import type { AdmissionLimits, ClaimedAdmission, Spent, Tally, VideoCost } from './admission.ts';
import type { Charge } from './charge.ts';
import type { BatchRef, SpendCaps } from './messages.ts';

/** A scope in which cost is counted, with its caps. */
export interface Scope {
  key: string;
  /** Shown to people. */
  name: string;
  /** When the count of this scope ends, for people. Absent if it does not end by itself. */
  until?: string;
  caps: SpendCaps[];
}

export interface Counted {
  tags: string[];
  batch?: BatchRef;
}

/** The scopes of a video that is admitted at `nowMs`, milliseconds since the epoch. */
export function scopesOf(
  { tags, batch }: Counted,
  limits: AdmissionLimits,
  nowMs: number,
): Scope[] {
  const day = dayOf(nowMs);
  const until = `${dayOf(nowMs + dayMs)} 00:00 UTC`;
  const tagCaps = new Map(Object.entries(limits.perTag ?? {}));
  return [
    { key: `day/${day}`, name: day, until, caps: given(limits.perDay) },
    ...[...new Set(tags)].map((tag) => ({
      key: `tag/${day}/${tag}`,
      name: `tag "${tag}" on ${day}`,
      until,
      caps: given(tagCaps.get(tag)),
    })),
    ...(batch
      ? [
          {
            key: `batch/${batch.name}`,
            name: `batch "${batch.name}"`,
            caps: given(limits.perBatch),
          },
          {
            key: `run/${batch.runId}`,
            name: `this run of batch "${batch.name}"`,
            caps: given(limits.perRun, batch.caps),
          },
        ]
      : []),
  ];
}

const dayMs = 86_400_000;

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Describes the first cap that this cost would exceed; null if there is none. */
export function exceededCap(
  scopes: Scope[],
  { cost, spentIn }: { cost: VideoCost; spentIn: (key: string) => Spent },
): string | null {
  for (const scope of scopes) {
    for (const caps of scope.caps) {
      const exceeded = exceededBy(caps, { cost, spent: spentIn(scope.key) });
      if (!exceeded) continue;
      const end = scope.until === undefined ? '' : `; the count starts again at ${scope.until}`;
      return `Cap for ${scope.name}: ${exceeded}${end}`;
    }
  }
  return null;
}

function exceededBy(
  caps: SpendCaps,
  { cost, spent }: { cost: VideoCost; spent: Spent },
): string | null {
  const asked = { videos: 1, ...cost };
  for (const unit of ['videos', 'seconds', 'money'] as const) {
    const cap = caps[unit];
    if (cap === undefined) continue;
    const more = asked[unit];
    if (more === undefined) return `${cap} ${unit}, and ${unknownCost[unit]}`;
    if (rounded(spent[unit] + more) > cap) {
      return `${cap} ${unit}, ${rounded(spent[unit])} spent or reserved, ${more} more asked for`;
    }
  }
  return null;
}

const unknownCost = {
  videos: 'their number is not known',
  seconds: 'the request does not say its duration',
  money: 'the price list has no price for this request',
} as const;

/**
 * Replaces the price by the gateway's charge. A price of the owner's own list is kept, because it may be in another
 * currency.
 */
export function settledCost(cost: VideoCost, charged: Charge | undefined): VideoCost {
  const isComparable = cost.currency === 'gateway' && cost.money !== undefined;
  return charged && isComparable ? { ...cost, money: charged.money } : cost;
}

/** Adds a video's cost to a count, or subtracts it with -1. */
export function added(spent: Spent, cost: VideoCost, times: 1 | -1 = 1): Spent {
  return {
    videos: Math.max(0, spent.videos + times),
    seconds: Math.max(0, rounded(spent.seconds + times * (cost.seconds ?? 0))),
    money: Math.max(0, rounded(spent.money + times * (cost.money ?? 0))),
  };
}

export const nothingSpent: Spent = { videos: 0, seconds: 0, money: 0 };

/** Counts the cost in claims, by scope. */
export function countClaims(
  claims: Iterable<{ claimedAt: number; admission: ClaimedAdmission }>,
): Record<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { claimedAt, admission } of claims) {
    for (const { key } of scopesOf(admission, {}, claimedAt)) {
      const before = tallies.get(key);
      const touchedAt = Math.max(claimedAt, before?.touchedAt ?? 0);
      tallies.set(key, { ...added(before ?? nothingSpent, admission.cost), touchedAt });
    }
  }
  return Object.fromEntries(tallies);
}

function given(...caps: (SpendCaps | undefined)[]): SpendCaps[] {
  return caps.filter((cap) => cap !== undefined);
}

/** Removes floating-point noise: 0.1 + 0.2 must not exceed a cap of 0.3. */
function rounded(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}
