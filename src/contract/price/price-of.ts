import type { VideoCost } from '../admission.ts';
import { priceOfVideo, type GatewayPrices } from './gateway-prices.ts';

/** The owner's prices by exact model id, in any currency. The price of a video is the sum of both fields. */
export type PriceList = Record<string, { perVideo?: number; perSecond?: number }>;

/** The largest values that a request can have. */
export interface PriceDimensions {
  model: string;
  seconds?: number;
  resolution?: string;
}

/** The price of one video; undefined if unknown. */
export type PriceOf = (dimensions: PriceDimensions) => number | undefined;

/** Prices, with their source. */
export interface Prices {
  of: PriceOf;
  /** `gateway` if the price of this model is from the gateway's list. */
  currencyOf(model: string): VideoCost['currency'];
}

/** Uses the owner's list, and the gateway's list for models that the owner's does not have. */
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
