import type { z } from 'zod';
import { catalogIds } from '../../contract/models/catalog.ts';
import { priceListDate } from '../../contract/models/catalog-price.ts';
import { modelFacts, type ModelFacts } from '../../contract/models/model-facts.ts';
import type { PriceBook } from '../../contract/price/price-book.ts';
import type { modelSchema } from '../api/catalogue-schemas.ts';
import { ApiError } from '../http/api-error.ts';

/** The response object of a model. */
export type ModelObject = z.output<typeof modelSchema>;

/** All models of the catalogue. Which of them an API key of the gateway may use, only workers can ask. */
export function listModels(book: PriceBook): ModelObject[] {
  return catalogIds().flatMap((id) => {
    const facts = modelFacts(id, { book, listed: null });
    return facts ? [modelObject(facts)] : [];
  });
}

/** A model of the catalogue. @throws {ApiError} 404 */
export function findModel(id: string, book: PriceBook): ModelObject {
  const facts = modelFacts(id, { book, listed: null });
  if (facts) return modelObject(facts);
  const message = `The catalogue has no model "${id.slice(0, 100)}"; GET /v1/models lists them`;
  throw new ApiError(404, 'model_not_found', { message, param: 'model' });
}

function modelObject(facts: ModelFacts): ModelObject {
  const { id, plugins, seconds, resolution, ratio, media, price, prices } = facts;
  const shown = price.map(({ resolution: of, perSecond, perVideo }) => ({
    resolution: of,
    ...(perSecond !== undefined && { per_second: perSecond }),
    ...(perVideo !== undefined && { per_video: perVideo }),
  }));
  return {
    id,
    object: 'model',
    created: Date.parse(priceListDate) / 1_000,
    owned_by: plugins[0] ?? '',
    onetake: { plugins, seconds, resolution, ratio, media, price: shown, prices },
  };
}
