import type { VideoCost } from './admission.ts';
import type { PriceOf } from './price-of.ts';
import { lengthsIn } from './video-length.ts';
import type { VideoRequest } from './video-request.ts';

/**
 * What a video takes at most, from the request and the prices alone; what they do not say stays unknown. A resolution
 * that the request leaves to the model counts as the dearest.
 */
export function costOf({ body }: VideoRequest, priceOf?: PriceOf): VideoCost {
  const seconds = secondsIn(body);
  const money = priceOf?.({ model: body.model, ...(seconds !== undefined && { seconds }) });
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
