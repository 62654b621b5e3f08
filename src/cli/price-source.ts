import { admissionId } from '../admission-id.ts';
import { gatewayConfig, workerConfig } from '../config.ts';
import type { GatewayPrices } from '../contract/gateway-prices.ts';
import { pricesBy, type Prices } from '../contract/price-of.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import { createKeptPrices, keptFor } from '../storage/kept-prices.ts';
import type { VideoStorage } from '../storage/video-storage.ts';
import type { Env } from './context.ts';

/** Somebody waits for the quote. */
const timeoutMs = 5_000;

/**
 * The prices that the workers of this folder's settings would use: `GATEWAY_PRICES`, then the gateway's list as they
 * kept it, or as the gateway shows it now. Nothing is written. Without a key, or a list, only the first.
 */
export async function pricesHere(
  env: Env,
  storage: Pick<VideoStorage, 'readSmall' | 'writeSmall'>,
): Promise<Prices> {
  const list = await gatewayPrices(env, storage).catch(() => undefined);
  return pricesBy(workerConfig(env).prices, list);
}

async function gatewayPrices(
  env: Env,
  storage: Pick<VideoStorage, 'readSmall' | 'writeSmall'>,
): Promise<GatewayPrices | undefined> {
  const settings = gatewayConfig(env);
  const gateway = createGateway(settings);
  const account = admissionId({ gateway: gateway.origin, key: settings.apiKey });
  const kept = await createKeptPrices({ storage })
    .load(account)
    .catch(() => null);
  const ageMs = kept ? Date.now() - Date.parse(kept.readAt) : Infinity;
  if (ageMs < keptFor.freshMs) return kept?.prices;
  const shown = await gateway.pricing({ timeoutMs }).catch(() => undefined);
  return shown ?? (ageMs < keptFor.heldMs ? kept?.prices : undefined);
}
