import { expect, test } from 'vitest';
import {
  priceOfVideo,
  type GatewayPrices,
  type Tariff,
} from '../../src/contract/price/gateway-prices.ts';

const veo: Tariff = {
  mode: 'expression',
  expression: 'u("resolution") == "4k" ? u("seconds") * 0.375 : u("seconds") * 0.25',
  dimensions: { resolution: ['720p', '1080p', '4k'] },
};

function prices(tariff: Tariff, more: Partial<GatewayPrices> = {}): GatewayPrices {
  return {
    groupRatios: { video: 1, sale: 0.5 },
    models: [{ model: 'm', groups: ['video'], tariff }],
    ...more,
  };
}

test.each<[what: string, tariff: Tariff, money: number | undefined]>([
  ['an expression', veo, 2],
  ['a price per video', { mode: 'per_video', money: 3 }, 3],
  ['a price per second', { mode: 'per_second', money: 0.5 }, 4],
  ['an unknown mode', { mode: 'unknown', billingMode: 'per_pixel' }, undefined],
  ['an unsupported expression', { ...veo, expression: 'max(1, u("seconds"))' }, undefined],
])('%s prices 8 s in 720p', (_what, tariff, money) => {
  const video = { model: 'm', dimensions: { seconds: 8, resolution: '720p' } };

  expect(priceOfVideo(prices(tariff), video)).toBe(money);
});

test('an unknown dimension is priced at its highest listed price', () => {
  const video = { model: 'm', dimensions: { seconds: 8 } };

  expect(priceOfVideo(prices(veo), video)).toBe(3);
});

test('an unlisted value is priced at the highest listed price', () => {
  const video = { model: 'm', dimensions: { seconds: 8, resolution: '2160P' } };

  expect(priceOfVideo(prices(veo), video)).toBe(3);
});

test('an unknown length has no price', () => {
  expect(priceOfVideo(prices(veo), { model: 'm', dimensions: {} })).toBeUndefined();
  const perSecond = prices({ mode: 'per_second', money: 1 });
  expect(priceOfVideo(perSecond, { model: 'm', dimensions: {} })).toBeUndefined();
});

test('if several groups may use a model, the highest of their prices counts, and no price of other groups', () => {
  const video = { model: 'm', dimensions: { seconds: 8, resolution: '4k' } };
  const models = [{ model: 'm', groups: ['sale', 'video', 'foreign'], tariff: veo }];

  expect(priceOfVideo(prices(veo, { models }), video)).toBe(3);
  expect(
    priceOfVideo(prices(veo, { models: [{ model: 'm', groups: ['sale'], tariff: veo }] }), video),
  ).toBe(1.5);
  expect(
    priceOfVideo(
      prices(veo, { models: [{ model: 'm', groups: ['toString'], tariff: veo }] }),
      video,
    ),
  ).toBeUndefined();
});

test('of several rows of a model the highest price counts, and a row without a price hides the others', () => {
  const video = { model: 'm', dimensions: { seconds: 8, resolution: '720p' } };
  const row = (tariff: Tariff) => ({ model: 'm', groups: ['video'], tariff });
  const cheap = row(veo);

  const two = [cheap, row({ mode: 'per_video', money: 9 })];
  const unclear = [cheap, row({ mode: 'unknown', billingMode: '' })];
  expect(priceOfVideo(prices(veo, { models: two }), video)).toBe(9);
  expect(priceOfVideo(prices(veo, { models: unclear }), video)).toBeUndefined();
});

test('an unlisted model has no price', () => {
  expect(priceOfVideo(prices(veo), { model: 'M', dimensions: { seconds: 8 } })).toBeUndefined();
});
