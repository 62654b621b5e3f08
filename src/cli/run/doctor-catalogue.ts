import { gatewayConfig, gatewayGeneration } from '../../config/gateway-config.ts';
import { priceOfVideo, type GatewayPrices } from '../../contract/price/gateway-prices.ts';
import { catalogPrice, priceListDate } from '../../contract/models/catalog-price.ts';
import { candidatesOf, catalogIds, needsPlugin } from '../../contract/models/catalog.ts';
import { oneLine } from '../../contract/one-line.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import { readHostVersion } from '../../gateway/account/read-host-version.ts';
import type { Env } from '../context.ts';
import { attempt, type Check } from './doctor-check.ts';
import { modelFacts } from '../../contract/models/model-facts.ts';
import { priceBook } from '../../contract/price/price-book.ts';
import { moneyWords } from '../models/quote-words.ts';

const timeoutMs = 15_000;
const shown = 5;

/**
 * Compares the catalogue with the gateway, at no cost. A difference is not an error: the catalogue has a date, and
 * models that it lacks can be used.
 */
export async function* catalogueChecks(env: Env, ids: readonly string[]): AsyncGenerator<Check> {
  yield await hostCheck(env, ids);
  yield { name: 'catalogue', ok: true, found: idWords(ids) };
  yield await priceCheck(env, ids);
}

/** The version does not tell the generation, but a listed model that needs plugins does. */
async function hostCheck(env: Env, ids: readonly string[]): Promise<Check> {
  const check = await attempt('host', undefined, () => hostWords(env));
  const ofPlugins = ids.filter(needsPlugin);
  if (!check.ok || gatewayGeneration(env) === 'plugins' || ofPlugins.length === 0) return check;
  return {
    ...check,
    found: `${check.found}; lists models that only plugins serve: ${listOf(ofPlugins)}`,
    toDo: 'Set GATEWAY_GENERATION=plugins or remove it, unless these names are aliases of older models',
  };
}

async function hostWords(env: Env): Promise<string> {
  const generation = gatewayGeneration(env);
  const judged = `requests are checked by the rules of "${generation}" (GATEWAY_GENERATION)`;
  const version = await readHostVersion(gatewayConfig(env), { timeoutMs }).catch(() => undefined);
  if (version === undefined) return `reports no version; ${judged}`;
  const name = oneLine(version).slice(0, 80);
  const isKnown = generation === 'plugins' && /88api/i.test(version);
  return isKnown ? `${name}, with plugins` : `${name}; ${judged}`;
}

function idWords(ids: readonly string[]): string {
  const unknown = ids.filter((id) => candidatesOf(id).length === 0);
  const known = ids.length - unknown.length;
  const missing = catalogIds().filter((id) => !ids.includes(id)).length;
  const strange = unknown.length === 0 ? '' : `; not in the catalogue: ${listOf(unknown)}`;
  return `the catalogue has ${known} of the listed models and ${missing} that are not listed${strange}`;
}

function listOf(names: readonly string[]): string {
  const more = names.length - shown;
  const first = names.slice(0, shown).map((name) => oneLine(name).slice(0, 80));
  return `${first.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

async function priceCheck(env: Env, ids: readonly string[]): Promise<Check> {
  try {
    const prices = await createGateway(gatewayConfig(env)).pricing({ timeoutMs });
    const moved = ids.flatMap((id) => movedOf(id, prices));
    if (moved.length === 0) {
      return {
        name: 'prices',
        ok: true,
        found: `unchanged since the catalogue of ${priceListDate}`,
      };
    }
    const found = `${moved.length} changed since ${priceListDate}: ${listOf(moved)}`;
    return { name: 'prices', ok: true, found, toDo: 'Quote with --live, or set GATEWAY_PRICES' };
  } catch (error) {
    const reason = oneLine(error instanceof Error ? error.message : String(error));
    return { name: 'prices', ok: true, found: `not compared (${reason})` };
  }
}

/** `veo-3.1 4k 0.375 → 0.4 a second`, for each resolution whose price differs. */
function movedOf(model: string, prices: GatewayPrices): string[] {
  const facts = modelFacts(model, { book: priceBook({}), listed: null });
  return (facts?.resolution.values ?? []).flatMap((resolution) => {
    const before = catalogPrice({ model, seconds: 1, resolution });
    const now = priceOfVideo(prices, { model, dimensions: { seconds: 1, resolution } });
    if (before === undefined || now === undefined || Math.abs(before - now) < 1e-6) return [];
    return [`${model} ${resolution} ${moneyWords(before)} → ${moneyWords(now)} a second`];
  });
}
