import {
  evaluateRequest,
  hostGenerations,
  type Evaluation,
  type HostGeneration,
} from '../../contract/models/evaluate-request.ts';
import { candidatesOf } from '../../contract/models/catalog.ts';
import { isObject } from '../../contract/object-in.ts';
import { readRequest } from '../../contract/read-request.ts';
import { videoFormats } from '../../contract/video-request.ts';
import { UsageError } from '../context.ts';
import type { PriceBook, PriceSource } from './price-book.ts';

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

export interface QuoteOptions {
  host?: HostGeneration;
  book: PriceBook;
  /** The plugins that serve the name, if known. */
  plugins?: readonly string[] | undefined;
  rolesNamed?: boolean;
  /** Send it in any case: refusals become warnings. */
  sendAnyway?: true | undefined;
}

/**
 * Quotes a request from `--body` or field flags. An invalid field counts as refused.
 *
 * @throws {UsageError} It has no body, no model, or an unknown format.
 */
export function quoteRequest(
  given: { format: unknown; body: unknown },
  { host, book, plugins, rolesNamed, sendAnyway }: QuoteOptions,
): RequestQuote {
  const request = evaluable(given);
  const { model } = request.body;
  const found = evaluateRequest(request, {
    ...(host && { host }),
    ...(plugins && { plugins: checkedPlugins(model, plugins) }),
    priceOf: book.priceOf,
    rolesNamed,
    sendAnyway,
  });
  const read = readRequest(given);
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

/** @throws {UsageError} One of them cannot serve the model. */
function checkedPlugins(model: string, plugins: readonly string[]): readonly string[] {
  const known = candidatesOf(model).map(({ plugin }) => plugin.plugin);
  const unknown = plugins.find((name) => !known.includes(name));
  if (unknown === undefined) return plugins;
  const others = known.length === 0 ? 'the catalogue knows none' : `these can: ${known.join(', ')}`;
  throw new UsageError(`No plugin "${unknown}" can serve "${model}"; ${others}`);
}

function evaluable({ format, body }: { format: unknown; body: unknown }) {
  const known = videoFormats.find((name) => name === format);
  if (!known) {
    throw new UsageError(
      `Unknown format "${String(format)}": it must be ${videoFormats.join(' or ')}`,
    );
  }
  if (!isObject(body))
    throw new UsageError('Cannot use the request: the body is not a JSON object');
  const { model } = body;
  if (typeof model !== 'string' || model === '') {
    throw new UsageError('Cannot use the request: it has no model');
  }
  return { format: known, body: { ...body, model } };
}

/** The `--json` output for a request. */
export function quoteValue({ makes, refusals, warnings, cost }: RequestQuote) {
  return { makes, refusals, warnings, cost };
}

/** @throws {UsageError} */
export function parseHost(text: string | undefined): HostGeneration | undefined {
  if (text === undefined) return undefined;
  const known = hostGenerations.find((name) => name === text);
  if (known) return known;
  throw new UsageError(`Unknown host "${text}": it must be ${hostGenerations.join(' or ')}`);
}
