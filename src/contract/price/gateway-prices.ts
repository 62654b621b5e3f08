import { dearestPrice, type PriceDimension } from './dearest-price.ts';
import { readPriceExpression, type PriceValue } from './price-expression.ts';

/** The price list of a gateway. */
export interface GatewayPrices {
  /** Price factor of each group of API keys. */
  groupRatios: Record<string, number>;
  /** In the gateway's order. A model that is priced by plugin may have several rows. */
  models: ModelPrice[];
}

export interface ModelPrice {
  model: string;
  /** The groups that may use it. */
  groups: string[];
  tariff: Tariff;
}

/** Price of a model, before the group ratio. */
export type Tariff =
  /** `dimensions`: the possible values of each dimension that the gateway lists. */
  | { mode: 'expression'; expression: string; dimensions: Record<string, PriceValue[]> }
  | { mode: 'per_video'; money: number }
  | { mode: 'per_second'; money: number }
  /** An unknown mode. `billingMode` is the gateway's name for it. */
  | { mode: 'unknown'; billingMode: string };

/** A video to be priced, with the possible values of its dimensions. */
export interface PricedVideo {
  model: string;
  dimensions: Readonly<Record<string, PriceDimension>>;
}

/**
 * The highest price of a video over its dimensions, the rows of its model, and the groups that may use it. The list
 * does not contain the group of an API key.
 *
 * @returns undefined if the list does not determine it.
 */
export function priceOfVideo(prices: GatewayPrices, video: PricedVideo): number | undefined {
  const rows = prices.models.filter(({ model }) => model === video.model);
  const costs = rows.map(({ groups, tariff }) => {
    const money = tariffAt(tariff, video.dimensions);
    const ratio = dearestRatio(prices.groupRatios, groups);
    return money === undefined || ratio === undefined ? undefined : money * ratio;
  });
  const known = costs.filter((cost) => cost !== undefined);
  return known.length === 0 || known.length < costs.length ? undefined : Math.max(...known);
}

function tariffAt(tariff: Tariff, dimensions: PricedVideo['dimensions']): number | undefined {
  switch (tariff.mode) {
    case 'per_video':
      return tariff.money;
    case 'per_second': {
      const seconds = readPriceExpression('u("seconds")');
      const length = seconds && dearestPrice(seconds, dimensions);
      return length === undefined ? undefined : length * tariff.money;
    }
    case 'expression': {
      const expression = readPriceExpression(tariff.expression);
      return expression && dearestPrice(expression, possible(tariff.dimensions, dimensions));
    }
    case 'unknown':
      return undefined;
  }
}

/** If the gateway does not list a value, it may spell it differently, so every listed value is possible. */
function possible(
  listed: Record<string, PriceValue[]>,
  known: PricedVideo['dimensions'],
): PricedVideo['dimensions'] {
  const strange = Object.entries(listed).filter(
    ([name, values]) => Object.hasOwn(known, name) && !values.some((each) => each === known[name]),
  );
  return { ...listed, ...known, ...Object.fromEntries(strange) };
}

function dearestRatio(ratios: Record<string, number>, groups: string[]): number | undefined {
  const known = groups.flatMap((group) =>
    Object.hasOwn(ratios, group) ? [ratios[group] ?? NaN] : [],
  );
  return known.length === 0 ? undefined : Math.max(...known);
}
