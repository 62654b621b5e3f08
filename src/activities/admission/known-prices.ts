import { Context } from '@temporalio/activity';
import { pricesBy, type PriceList, type Prices } from '../../contract/price/price-of.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import {
  createKeptPrices,
  keptFor,
  type DatedPrices,
  type KeptPrices,
} from '../../storage/records/kept-prices.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** After a failure the list is not read again for this long: the next submit would only wait for the same failure. */
const afterFailureMs = 15 * 60_000;
/** A submit waits for the list. */
const timeoutMs = 5_000;

export interface KnownPricesOptions {
  gateway: Pick<Gateway, 'pricing'>;
  storage: Pick<VideoStorage, 'readSmall' | 'writeSmall'>;
  /** Workflow id of the admission of the account. */
  account: string;
  /** `GATEWAY_PRICES`: overrides the gateway's price of a model. */
  own: PriceList;
  now?: () => number;
}

/** The current prices; a model without an entry has no known price. */
export type KnownPrices = () => Promise<Prices>;

/**
 * The price list of the gateway. It is kept in memory for an hour, then read from the storage if another worker has
 * stored a newer one, then from the gateway, one request at a time. If the gateway fails, the last list is used for a
 * week.
 */
export function createKnownPrices(options: KnownPricesOptions): KnownPrices {
  const { gateway, storage, account, own, now = Date.now } = options;
  const kept = createKeptPrices({ storage });
  let last: DatedPrices | null = null;
  let readAgainAt = -Infinity;
  let reading: Promise<void> | undefined;
  const read = async () => {
    const newest = newer(last, await load({ kept, account }));
    const isFresh = newest !== null && ageOf(newest, now()) < keptFor.freshMs;
    const asked = isFresh ? null : await ask({ gateway, kept, account, now });
    last = asked ?? newest;
    const waitMs = isFresh ? keptFor.freshMs - ageOf(newest, now()) : keptFor.freshMs;
    readAgainAt = now() + (isFresh || asked ? waitMs : afterFailureMs);
  };
  return async () => {
    if (now() >= readAgainAt) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    }
    const holds = last !== null && ageOf(last, now()) < keptFor.heldMs;
    return pricesBy(own, holds ? last?.prices : undefined);
  };
}

function ageOf({ readAt }: DatedPrices, nowMs: number): number {
  return nowMs - Date.parse(readAt);
}

function newer(one: DatedPrices | null, other: DatedPrices | null): DatedPrices | null {
  if (!one || !other) return one ?? other;
  return Date.parse(one.readAt) >= Date.parse(other.readAt) ? one : other;
}

/** A storage that cannot be read does not hold back a submit: the gateway is asked instead. */
async function load({
  kept,
  account,
}: {
  kept: KeptPrices;
  account: string;
}): Promise<DatedPrices | null> {
  return kept.load(account).catch((error: unknown) => {
    Context.current().log.warn('Cannot read the stored prices', { error });
    return null;
  });
}

async function ask({
  gateway,
  kept,
  account,
  now,
}: Pick<KnownPricesOptions, 'gateway' | 'account'> & {
  kept: KeptPrices;
  now: () => number;
}): Promise<DatedPrices | null> {
  try {
    const prices = await gateway.pricing({ timeoutMs });
    const dated = { readAt: new Date(now()).toISOString(), prices };
    await kept.keep(account, dated).catch((error: unknown) => {
      Context.current().log.warn('Could not store the prices', { error });
    });
    return dated;
  } catch (error) {
    Context.current().log.info('The gateway returned no price list', { error });
    return null;
  }
}
