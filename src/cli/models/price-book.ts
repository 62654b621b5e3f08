import { gatewayConfig } from '../../config/gateway-config.ts';
import { parse } from '../../config/settings.ts';
import { workerSchema } from '../../config/worker-config.ts';
import type { GatewayPrices } from '../../contract/price/gateway-prices.ts';
import { catalogPrice, priceListDate } from '../../contract/models/catalog-price.ts';
import { oneLine } from '../../contract/one-line.ts';
import { pricesBy, type PriceOf } from '../../contract/price/price-of.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import type { CliContext, Env } from '../context.ts';

/** Somebody waits for the quote. */
const timeoutMs = 10_000;

/** Prices for quotes, and where that of a model comes from. */
export interface PriceBook {
  priceOf: PriceOf;
  sourceOf(model: string): PriceSource;
}

export interface PriceSource {
  from: 'GATEWAY_PRICES' | 'gateway' | 'catalogue';
  /** Day of the price list, as `YYYY-MM-DD`; null for prices that the owner has set. */
  date: string | null;
}

/**
 * `GATEWAY_PRICES`, and, where that has no price for a model, the price list of the gateway or the one that the
 * catalogue has recorded. They are not mixed: what the gateway does not list, or lists in a way that cannot be read, has
 * no price.
 */
export function priceBook(own: OwnPrices, listed?: ListedPrices): PriceBook {
  const byList = listed ? pricesBy({}, listed.prices).of : catalogPrice;
  const byOwner = pricesBy(own).of;
  const isOwn = (model: string) => Object.hasOwn(own, model);
  return {
    priceOf: (video) => (isOwn(video.model) ? byOwner(video) : byList(video)),
    sourceOf: (model) => {
      if (isOwn(model)) return { from: 'GATEWAY_PRICES', date: null };
      return listed
        ? { from: 'gateway', date: listed.date }
        : { from: 'catalogue', date: priceListDate };
    },
  };
}

type OwnPrices = Parameters<typeof pricesBy>[0];

export interface ListedPrices {
  prices: GatewayPrices;
  date: string;
}

/** `GATEWAY_PRICES`; the other settings of workers are not read. @throws {ConfigError} */
export function ownPrices(env: Env): OwnPrices {
  return parse(workerSchema.pick({ GATEWAY_PRICES: true }), env).GATEWAY_PRICES;
}

/** The prices of this folder; `live` asks the gateway, and says so where it shows none. */
export async function openPriceBook(
  { env, output }: CliContext,
  { live }: { live: boolean },
): Promise<PriceBook> {
  const own = ownPrices(env);
  if (!live) return priceBook(own);
  const gateway = createGateway(gatewayConfig(env));
  try {
    const prices = await gateway.pricing({ timeoutMs });
    return priceBook(own, { prices, date: new Date().toISOString().slice(0, 10) });
  } catch (error) {
    const reason = oneLine(error instanceof Error ? error.message : String(error));
    const warning = output.colors.yellow('warning:');
    output.note(`${warning} prices are those of the catalogue, ${priceListDate}: ${reason}`);
    return priceBook(own);
  }
}
