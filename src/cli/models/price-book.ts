import { gatewayConfig } from '../../config/gateway-config.ts';
import { ownPrices } from '../../config/worker-config.ts';
import { priceListDate } from '../../contract/models/catalog-price.ts';
import { oneLine } from '../../contract/one-line.ts';
import { priceBook, type PriceBook } from '../../contract/price/price-book.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import type { CliContext } from '../context.ts';

/** Short, because a person waits for the quote. */
const timeoutMs = 10_000;

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
