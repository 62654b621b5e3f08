import { dearestPrice, type PriceDimension } from './dearest-price.ts';
import { readPriceExpression, type PriceValue } from './price-expression.ts';

/** The price list of a gateway. */
export interface GatewayPrices {
  /** What each group of keys pays of a price. */
  groupRatios: Record<string, number>;
  /** In the order of the gateway; a model may have several, where it is priced by plugin. */
  models: ModelPrice[];
}

export interface ModelPrice {
  model: string;
  /** The groups that may use it. */
  groups: string[];
  tariff: Tariff;
}

/** How a model is priced, before the ratio of the group. */
export type Tariff =
  /** `dimensions`: the values that each dimension can have, where the gateway lists them. */
  | { mode: 'expression'; expression: string; dimensions: Record<string, PriceValue[]> }
  | { mode: 'per_video'; money: number }
  | { mode: 'per_second'; money: number }
  /** In a way that this client does not know; `billingMode` is the gateway's word. */
  | { mode: 'unknown'; billingMode: string };

/** What is known of a video that is to be priced: the dimensions that it can have. */
export interface PricedVideo {
  model: string;
  dimensions: Readonly<Record<string, PriceDimension>>;
}

/**
 * The dearest that a video can cost: over its dimensions, over the rows of its model, and over the groups that may use
 * it, since the list does not say in which of them a key is.
 *
 * @returns undefined where the list does not say it for sure.
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

/** A value that the gateway does not list is one that we spell differently: it may be any of those that it lists. */
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
