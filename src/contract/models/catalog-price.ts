import { onSale } from './catalog.ts';
import type { PriceOf } from '../price/price-of.ts';

export { priceListDate } from './plugins/price-list.ts';

/** The prices of the recorded list, in the gateway's display unit and for a group ratio of 1; they may have moved since. */
export const catalogPrice: PriceOf = ({ model, seconds, resolution }) => {
  const price = onSale(model)?.price;
  if (!price || seconds === undefined) return undefined;
  const { byResolution, perSecond } = price;
  const tiers: Partial<Record<string, number>> = byResolution ?? {};
  const dearest = Math.max(perSecond, ...Object.values(byResolution ?? {}));
  const each = resolution === undefined ? dearest : (tiers[resolution] ?? perSecond);
  // Decimal prices times whole seconds, without the noise of binary fractions.
  return Math.round(each * seconds * 1e7) / 1e7;
};
