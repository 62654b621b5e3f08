import { gatewayConfig } from '../../config/gateway-config.ts';
import { parse } from '../../config/settings.ts';
import { workerSchema } from '../../config/worker-config.ts';
import type { GatewayPrices } from '../../contract/price/gateway-prices.ts';
import { catalogPrice, priceListDate } from '../../contract/models/catalog-price.ts';
import { oneLine } from '../../contract/one-line.ts';
import { pricesBy, type PriceOf } from '../../contract/price/price-of.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import type { CliContext, Env } from '../context.ts';

/** Short, because a person waits for the quote. */
const timeoutMs = 10_000;

/** Prices for quotes, with their sources. */
export interface PriceBook {
  priceOf: PriceOf;
  sourceOf(model: string): PriceSource;
}

export interface PriceSource {
  from: 'GATEWAY_PRICES' | 'gateway' | 'catalogue';
  /** Date of the price list, `YYYY-MM-DD`; null for configured prices. */
  date: string | null;
}

/**
 * `GATEWAY_PRICES`, and for other models the price list of the gateway, or without one that of the catalogue. The two
 * lists are not mixed: a model that the gateway's list lacks, or whose entry cannot be read, has no price.
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

/** `GATEWAY_PRICES`, without reading other settings of workers. @throws {ConfigError} */
export function ownPrices(env: Env): OwnPrices {
  return parse(workerSchema.pick({ GATEWAY_PRICES: true }), env).GATEWAY_PRICES;
}

/** The configured prices. `live` reads the gateway's list, with a warning if there is none. */
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
    output.note(`${warning} using prices of the catalogue, ${priceListDate}: ${reason}`);
    return priceBook(own);
  }
}
