import { catalogPrice, priceListDate } from '../models/catalog-price.ts';
import type { GatewayPrices } from './gateway-prices.ts';
import { pricesBy, type PriceList, type PriceOf } from './price-of.ts';

/** Prices for quotes, with their sources. */
export interface PriceBook {
  priceOf: PriceOf;
  sourceOf(model: string): PriceSource;
}

/** Where a price comes from. */
export interface PriceSource {
  from: 'GATEWAY_PRICES' | 'gateway' | 'catalogue';
  /** Date of the price list, `YYYY-MM-DD`; null for configured prices. */
  date: string | null;
}

/**
 * `GATEWAY_PRICES`, and for other models the price list of the gateway, or without one that of the catalogue. The two
 * lists are not mixed: a model that the gateway's list lacks, or whose entry cannot be read, has no price.
 */
export function priceBook(own: PriceList, listed?: ListedPrices): PriceBook {
  const byList = listed ? pricesBy({}, listed.prices).of : catalogPrice;
  const byOwner = pricesBy(own).of;
  const isOwn = (model: string) => Object.hasOwn(own, model);
  return {
    priceOf: (video) => (isOwn(video.model) ? byOwner(video) : byList(video)),
    sourceOf: (model) => {
      if (isOwn(model)) return { from: 'GATEWAY_PRICES', date: null };
      return listed
        ? { from: 'gateway', date: listed.date }
        : { from: 'catalogue', date: priceListDate };
    },
  };
}

/** The price list of the gateway, and its date, `YYYY-MM-DD`. */
export interface ListedPrices {
  prices: GatewayPrices;
  date: string;
}
