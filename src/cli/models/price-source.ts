import { admissionId } from '../../identity/admission-id.ts';
import { ownPrices } from '../../config/worker-config.ts';
import { gatewayConfig } from '../../config/gateway-config.ts';
import { priceBook, type ListedPrices, type PriceBook } from '../../contract/price/price-book.ts';
import { pricesBy, type Prices } from '../../contract/price/price-of.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import { createKeptPrices, keptFor, type DatedPrices } from '../../storage/records/kept-prices.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { Env } from '../context.ts';

/** Short, because a person waits for the quote. */
const timeoutMs = 5_000;

/** Prices of a batch, with their sources. */
export type SourcedPrices = Prices & Pick<PriceBook, 'sourceOf'>;

/**
 * The prices that workers with these settings would use: `GATEWAY_PRICES`, then the gateway's list as they stored it,
 * or as the gateway shows it now. Without an API key or a list, that of the catalogue. Nothing is written.
 */
export async function pricesHere(
  env: Env,
  storage: Pick<VideoStorage, 'readSmall' | 'writeSmall'>,
): Promise<SourcedPrices> {
  const own = ownPrices(env);
  const list = await gatewayPrices(env, storage).catch(() => undefined);
  const { priceOf, sourceOf } = priceBook(own, list);
  return { of: priceOf, currencyOf: pricesBy(own).currencyOf, sourceOf };
}

async function gatewayPrices(
  env: Env,
  storage: Pick<VideoStorage, 'readSmall' | 'writeSmall'>,
): Promise<ListedPrices | undefined> {
  const settings = gatewayConfig(env);
  const gateway = createGateway(settings);
  const account = admissionId({ gateway: gateway.origin, key: settings.apiKey });
  const kept = await createKeptPrices({ storage })
    .load(account)
    .catch(() => null);
  const ageMs = kept ? Date.now() - Date.parse(kept.readAt) : Infinity;
  if (kept && ageMs < keptFor.freshMs) return dated(kept);
  const prices = await gateway.pricing({ timeoutMs }).catch(() => undefined);
  if (prices) return dated({ prices, readAt: new Date().toISOString() });
  return kept && ageMs < keptFor.heldMs ? dated(kept) : undefined;
}

function dated({ prices, readAt }: DatedPrices): ListedPrices {
  return { prices, date: readAt.slice(0, 10) };
}
