import type { VideoCost } from '../admission.ts';
import type { PriceDimensions, PriceOf } from '../price/price-of.ts';
import { longestLength } from '../video-length.ts';
import type { VideoRequest } from '../video-request.ts';
import { candidatesOf } from './catalog.ts';
import { evaluateClassic } from './classic-rules.ts';
import { evaluatePlugin, type PluginFinding } from './evaluate-plugin.ts';
import type { Note } from './reading.ts';
import { mergeFindings, type Merged } from './merge-findings.ts';

/** Generations of the gateway: with plugins, or `classic` without. */
export const hostGenerations = ['plugins', 'classic'] as const;
/** One of {@link hostGenerations}. */
export type HostGeneration = (typeof hostGenerations)[number];

/** 88API runs plugins. Other gateways may be older. */
export const defaultHost: HostGeneration = 'plugins';

/** A request, with or without a prompt. */
export interface EvaluatedRequest {
  format: VideoRequest['format'];
  body: { model: string; [field: string]: unknown };
}

/** Options of {@link evaluateRequest}. */
export interface EvaluateOptions {
  host?: HostGeneration | undefined;
  /** The plugins that serve the model, if known. Default: all that can. */
  plugins?: readonly string[];
  priceOf?: PriceOf;
  /** The caller has named the roles of the media, so a role is not reported as a change. */
  rolesNamed?: boolean | undefined;
  /** Refusals become warnings, because the request is sent anyway. */
  sendAnyway?: boolean | undefined;
}

/** Result of {@link evaluateRequest}: what is made, refused, changed and dropped, and the cost. */
export interface Evaluation extends Omit<Merged, 'taking'> {
  /** The highest possible cost: seconds, and money if the price is known. */
  cost: VideoCost;
}

/**
 * Predicts before the POST what the gateway makes of a request: the resulting video, refusals, changed and dropped
 * fields, and the highest possible cost. Does not change the request.
 *
 * @see docs/models.md
 */
export function evaluateRequest(
  { format, body }: EvaluatedRequest,
  options: EvaluateOptions = {},
): Evaluation {
  const { refusals, ...evaluation } = evaluate({ format, body }, options);
  if (!options.sendAnyway || refusals.length === 0) return { refusals, ...evaluation };
  const warnings = refusals.map(({ field, message }) => ({
    field,
    effect: 'depends' as const,
    message: `Probably refused, but sent anyway: ${message}`,
  }));
  const named = longestLength(body);
  return {
    ...evaluation,
    refusals: [],
    warnings: [...warnings, ...evaluation.warnings],
    cost: withPrice({ model: body.model, ...(named !== undefined && { seconds: named }) }, options),
  };
}

function evaluate(
  { format, body }: EvaluatedRequest,
  { host = defaultHost, plugins, priceOf, rolesNamed = false }: EvaluateOptions,
): Evaluation {
  const { model } = body;
  const candidates = host === 'plugins' ? candidatesOf(model) : [];
  const serving = candidates.filter(({ plugin }) => plugins?.includes(plugin.plugin) ?? true);
  if (serving.length === 0) {
    return evaluateClassic({ format, body }, { isKnownFamily: host === 'classic', priceOf });
  }
  const { taking, ...merged } = mergeFindings(
    serving.map((candidate) => {
      const found = evaluatePlugin(body, candidate);
      return rolesNamed ? { ...found, notes: found.notes.filter(isOtherThanRole) } : found;
    }),
  );
  return { ...merged, cost: costOfDearest(taking, { model, priceOf }) };
}

function isOtherThanRole({ about, effect }: Note): boolean {
  return about !== 'media' || effect !== 'changed';
}

function withPrice(dimensions: PriceDimensions, { priceOf }: EvaluateOptions): VideoCost {
  const { seconds } = dimensions;
  const money = priceOf?.(dimensions);
  return { ...(seconds !== undefined && { seconds }), ...(money !== undefined && { money }) };
}

function costOfDearest(
  taking: readonly PluginFinding[],
  { model, priceOf }: { model: string; priceOf: PriceOf | undefined },
): VideoCost {
  const seconds = largest(taking.map(({ charged }) => charged));
  const money = largest(
    taking.map(({ charged, makes: { resolution } }) =>
      priceOf?.({
        model,
        ...(charged !== undefined && { seconds: charged }),
        ...(resolution !== null && { resolution }),
      }),
    ),
  );
  return { ...(seconds !== undefined && { seconds }), ...(money !== undefined && { money }) };
}

/** An unknown value may be the largest. */
function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 || known.length < values.length ? undefined : Math.max(...known);
}
