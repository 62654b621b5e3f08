import {
  evaluateRequest,
  type EvaluateOptions,
  type EvaluatedRequest,
  type Evaluation,
} from './models/evaluate-request.ts';
import type { PriceBook, PriceSource } from './price/price-book.ts';
import { readRequest } from './read-request.ts';

/** What is known about a request before it is paid. */
export interface RequestQuote extends Pick<Evaluation, 'makes' | 'refusals' | 'warnings'> {
  model: string;
  cost: QuotedCost;
}

/** The maximum charge; null if it is unknown or the request is refused. */
export interface QuotedCost {
  money: number | null;
  seconds: number | null;
  /** Source of the price; null without a price. */
  prices: PriceSource | null;
}

/** Options of {@link quoteRequest}. */
export interface QuoteOptions extends Omit<EvaluateOptions, 'priceOf'> {
  book: PriceBook;
}

/** Quotes a request that may be invalid: an invalid field counts as refused. Starts nothing. */
export function quoteRequest(
  request: EvaluatedRequest,
  { book, ...options }: QuoteOptions,
): RequestQuote {
  const { model } = request.body;
  const found = evaluateRequest(request, { ...options, priceOf: book.priceOf });
  const read = readRequest(request);
  const fault = read.ok
    ? []
    : [{ field: read.field.replace(/^body\./, ''), message: read.message }];
  const unsaid = fault.filter(({ field }) => found.refusals.every((each) => each.field !== field));
  const refusals = [...unsaid, ...found.refusals];
  const { seconds = null, money = null } = refusals.length > 0 ? {} : found.cost;
  const prices = money === null ? null : book.sourceOf(model);
  return {
    model,
    makes: found.makes,
    refusals,
    warnings: found.warnings.map(({ field, effect, message }) => ({ field, effect, message })),
    cost: { money, seconds, prices },
  };
}
