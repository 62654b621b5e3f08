import type { PriceExpression, PriceValue } from './price-expression.ts';

/** What a request can become in one dimension: one value, one of several, or any whole number of a range. */
export type PriceDimension =
  | PriceValue
  | readonly PriceValue[]
  | { readonly from: number; readonly to: number };

/** Every combination is tried; more of them than this are not. Thirty lengths by four resolutions are 120. */
const maxCombinations = 20_000;

/**
 * The dearest that a request can become, since a cap must reserve no less.
 *
 * @returns undefined where the expression needs a dimension that is not named, or has no price at one of the values:
 *   what is not known to be cheaper may be dearer.
 */
export function dearestPrice(
  expression: PriceExpression,
  dimensions: Readonly<Record<string, PriceDimension>>,
): number | undefined {
  const named = expression.names.filter((name) => Object.hasOwn(dimensions, name));
  const choices = named.map((name) => valuesOf(dimensions[name] ?? []));
  const count = choices.reduce((product, values) => product * values.length, 1);
  if (count === 0 || count > maxCombinations) return undefined;
  let dearest = 0;
  for (let index = 0; index < count; index += 1) {
    const price = expression.at(combination({ named, choices, index }));
    if (price === undefined) return undefined;
    dearest = Math.max(dearest, price);
  }
  return dearest;
}

function valuesOf(dimension: PriceDimension): readonly PriceValue[] {
  if (typeof dimension !== 'object') return [dimension];
  if (!('from' in dimension)) return dimension;
  const { from, to } = dimension;
  const length = Math.floor(to) - Math.ceil(from) + 1;
  if (!Number.isFinite(length) || length < 1 || length > maxCombinations) return [];
  return Array.from({ length }, (_, step) => Math.ceil(from) + step);
}

/** The index counts through the choices as digits do. */
function combination({
  named,
  choices,
  index,
}: {
  named: readonly string[];
  choices: readonly (readonly PriceValue[])[];
  index: number;
}): Record<string, PriceValue> {
  let rest = index;
  return Object.fromEntries(
    named.flatMap((name, place) => {
      const values = choices[place] ?? [];
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
