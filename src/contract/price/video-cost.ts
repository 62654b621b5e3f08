import type { VideoCost } from '../admission.ts';
import { evaluateRequest, type HostGeneration } from '../models/evaluate-request.ts';
import type { Prices } from './price-of.ts';
import type { VideoRequest } from '../video-request.ts';

/**
 * The highest cost of a video, from the catalogue of models and the prices. Caps reserve this. A field that they do not
 * determine is absent. An unknown resolution counts as the most expensive one.
 */
export function costOf(
  request: VideoRequest,
  { prices, host }: { prices?: Prices | undefined; host?: HostGeneration | undefined } = {},
): VideoCost {
  const { cost } = evaluateRequest(request, {
    host,
    ...(prices && { priceOf: prices.of }),
    sendAnyway: true,
  });
  const currency = cost.money === undefined ? undefined : prices?.currencyOf(request.body.model);
  return { ...cost, ...(currency && { currency }) };
}
