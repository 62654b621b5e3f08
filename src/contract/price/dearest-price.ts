import type { PriceExpression, PriceValue } from './price-expression.ts';

/** Possible values of a request in one dimension: one value, a list, or the integers of a range. */
export type PriceDimension =
  | PriceValue
  | readonly PriceValue[]
  | { readonly from: number; readonly to: number };

/** Limit of the combinations that are evaluated. 30 lengths and 4 resolutions are 120. */
const maxCombinations = 20_000;

/**
 * The highest price that a request can have. A cap has to reserve this much.
 *
 * @returns undefined if the expression needs an unknown dimension, or has no price for one of the values, because that
 *   price might be higher.
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

/** Treats the index as a mixed-radix number with one digit per dimension. */
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
