import type { VideoCost } from './admission.ts';
import { lengthsIn } from './video-length.ts';
import type { VideoRequest } from './video-request.ts';

/** Prices by exact model id, in a unit of the owner's choice. What a model costs is the sum of the two. */
export type PriceList = Record<string, { perVideo?: number; perSecond?: number }>;

/** What a video takes, from the request and a price list alone; what they do not say stays unknown. */
export function costOf({ body }: VideoRequest, prices: PriceList = {}): VideoCost {
  const seconds = secondsIn(body);
  const price = Object.hasOwn(prices, body.model) ? prices[body.model] : undefined;
  const money = price && priceOf(price, seconds);
  return {
    ...(seconds !== undefined && { seconds }),
    ...(money !== undefined && { money }),
  };
}

/**
 * The longest length that a request names, since which of several is charged depends on model and gateway; undefined
 * where it leaves the length to the model.
 */
export function secondsIn(body: VideoRequest['body']): number | undefined {
  const named = lengthsIn(body).map(({ seconds }) => seconds);
  return named.length === 0 ? undefined : Math.max(...named);
}

function priceOf(
  { perVideo = 0, perSecond = 0 }: PriceList[string],
  seconds: number | undefined,
): number | undefined {
  if (perSecond === 0) return perVideo;
  return seconds === undefined ? undefined : perVideo + perSecond * seconds;
}
