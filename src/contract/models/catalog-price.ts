import { onSale } from './catalog.ts';
import type { PriceOf } from '../price/price-of.ts';

export { priceListDate } from './plugins/price-list.ts';

/** Prices of the recorded list, in the gateway's display unit, for a group ratio of 1. Current prices may differ. */
export const catalogPrice: PriceOf = ({ model, seconds, resolution }) => {
  const price = onSale(model)?.price;
  if (!price || seconds === undefined) return undefined;
  const { byResolution, perSecond } = price;
  const tiers: Partial<Record<string, number>> = byResolution ?? {};
  const dearest = Math.max(perSecond, ...Object.values(byResolution ?? {}));
  const each = resolution === undefined ? dearest : (tiers[resolution] ?? perSecond);
  // Removes floating-point noise.
  return Math.round(each * seconds * 1e7) / 1e7;
};
