import type { VideoCost } from './admission.ts';
import { evaluateRequest } from './models/evaluate-request.ts';
import type { PriceOf } from './price-of.ts';
import type { VideoRequest } from './video-request.ts';

/**
 * The most that a video can take, by the catalogue of models and the prices; what they do not say stays unknown. It is
 * what a cap reserves. A resolution that nobody knows counts as the dearest.
 */
export function costOf(request: VideoRequest, priceOf?: PriceOf): VideoCost {
  return evaluateRequest(request, { ...(priceOf && { priceOf }), sendAnyway: true }).cost;
}
