import type { VideoCost } from '../admission.ts';
import { priceOfVideo, type GatewayPrices } from './gateway-prices.ts';

/** Prices by exact model id, in a unit of the owner's choice. What a model costs is the sum of the two. */
export type PriceList = Record<string, { perVideo?: number; perSecond?: number }>;

/** What is priced: what a request can become at most. */
export interface PriceDimensions {
  model: string;
  seconds?: number;
  resolution?: string;
}

/** The price of one video; undefined where it is not known. */
export type PriceOf = (dimensions: PriceDimensions) => number | undefined;

/** Prices, and whether that of a model is of the gateway's own list. */
export interface Prices {
  of: PriceOf;
  currencyOf(model: string): VideoCost['currency'];
}

/** By the owner's own list, and, where that has no price for a model, by the gateway's. */
export function pricesBy(own: PriceList, gateway?: GatewayPrices): Prices {
  const ownOf = (model: string) => (Object.hasOwn(own, model) ? own[model] : undefined);
  return {
    of: (video) => {
      const { model, ...dimensions } = video;
      const price = ownOf(model);
      if (price) return ownPrice(price, video);
      return gateway && priceOfVideo(gateway, { model, dimensions });
    },
    currencyOf: (model) => (ownOf(model) ? undefined : 'gateway'),
  };
}

function ownPrice(
  { perVideo = 0, perSecond = 0 }: PriceList[string],
  { seconds }: PriceDimensions,
): number | undefined {
  if (perSecond === 0) return perVideo;
  return seconds === undefined ? undefined : perVideo + perSecond * seconds;
}
