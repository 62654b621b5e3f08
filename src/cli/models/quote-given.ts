import {
  hostGenerations,
  type EvaluatedRequest,
  type HostGeneration,
} from '../../contract/models/evaluate-request.ts';
import { candidatesOf } from '../../contract/models/catalog.ts';
import { isObject } from '../../contract/object-in.ts';
import {
  quoteRequest,
  type QuoteOptions,
  type RequestQuote,
} from '../../contract/quote-request.ts';
import { videoFormats } from '../../contract/video-request.ts';
import { UsageError } from '../context.ts';

/**
 * Quotes a request from `--body` or field flags. An invalid field counts as refused.
 *
 * @throws {UsageError} It has no body, no model, or an unknown format; or a plugin cannot serve the model.
 */
export function quoteGiven(
  given: { format: unknown; body: unknown },
  options: QuoteOptions,
): RequestQuote {
  const request = evaluable(given);
  if (options.plugins) checkPlugins(request.body.model, options.plugins);
  return quoteRequest(request, options);
}

function checkPlugins(model: string, plugins: readonly string[]): void {
  const known = candidatesOf(model).map(({ plugin }) => plugin.plugin);
  const unknown = plugins.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const others = known.length === 0 ? 'the catalogue knows none' : `these can: ${known.join(', ')}`;
  throw new UsageError(`No plugin "${unknown}" can serve "${model}"; ${others}`);
}

function evaluable({ format, body }: { format: unknown; body: unknown }): EvaluatedRequest {
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
