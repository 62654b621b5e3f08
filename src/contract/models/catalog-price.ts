import { onSale } from './catalog.ts';
import type { PriceOf } from './evaluate-request.ts';

export { priceListDate } from './plugins/price-list.ts';

/** The prices of the recorded list, in the gateway's display unit and for a group ratio of 1; they may have moved since. */
export const catalogPrice: PriceOf = ({ model, seconds, resolution }) => {
  const price = onSale(model)?.price;
  if (!price || seconds === undefined) return undefined;
  const { byResolution, perSecond } = price;
  const own = resolution !== undefined && byResolution && Object.hasOwn(byResolution, resolution);
  const each = own ? (byResolution[resolution] ?? perSecond) : perSecond;
  // Decimal prices times whole seconds, without the noise of binary fractions.
  return Math.round(each * seconds * 1e7) / 1e7;
};
