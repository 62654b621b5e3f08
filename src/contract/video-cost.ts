import type { VideoCost } from './admission.ts';
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

/** The length that a request asks for; undefined where it leaves that to the model. */
export function secondsIn(body: VideoRequest['body']): number | undefined {
  const said = body['seconds'] ?? body['duration'];
  const seconds = typeof said === 'string' && said.trim() !== '' ? Number(said) : said;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
    ? seconds
    : undefined;
}

function priceOf(
  { perVideo = 0, perSecond = 0 }: PriceList[string],
  seconds: number | undefined,
): number | undefined {
  if (perSecond === 0) return perVideo;
  return seconds === undefined ? undefined : perVideo + perSecond * seconds;
}
