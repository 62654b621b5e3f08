import type { VideoCost } from '../admission.ts';
import { evaluateRequest, type HostGeneration } from '../models/evaluate-request.ts';
import type { Prices } from './price-of.ts';
import type { VideoRequest } from '../video-request.ts';

/**
 * The most that a video can take, by the catalogue of models and the prices; what they do not say stays unknown. It is
 * what a cap reserves. An unknown resolution counts as the dearest.
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
