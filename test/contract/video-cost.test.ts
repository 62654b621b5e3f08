import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateRequest } from '../../src/contract/models/evaluate-request.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import { costOf } from '../../src/contract/price/video-cost.ts';

const bodyOf = (more: object, model = 'any-model') => ({ model, prompt: 'p', ...more });

describe('a cap and the ledger count the highest possible charge', () => {
  test.each([
    [{ seconds: '4', duration: 8 }, 8],
    [{ seconds: '8', duration: 4 }, 8],
    [{ seconds: 4, duration: '12' }, 12],
    [{ seconds: '', duration: 8 }, 8],
    [{ seconds: 'x', duration: 8 }, 8],
    [{ seconds: null, duration: 8 }, 8],
    [{ seconds: 0, duration: 8 }, 8],
    [{ duration: 5, metadata: { duration: '10' } }, 10],
    [{ duration: 5, metadata: '{"duration":10}' }, 10],
    [{ metadata: { durationSeconds: 8 } }, 8],
    [{ metadata: { parameters: { duration: 10 } } }, 10],
    [{}, undefined],
  ])('%j: %s seconds', (more, seconds) => {
    expect(costOf({ format: 'videos', body: bodyOf(more) }).seconds).toBe(seconds);
  });

  test('the cost is never below the price of any of the lengths that are named', () => {
    const length = fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined });
    const prices = pricesBy({ 'any-model': { perVideo: 1, perSecond: 2 } });
    fc.assert(
      fc.property(length, length, length, (seconds, duration, inner) => {
        const named = [seconds, duration, inner].filter((each) => each !== undefined);
        const body = bodyOf({
          seconds: seconds && String(seconds),
          duration,
          metadata: { duration: inner },
        });
        const { money } = costOf({ format: 'videos', body }, { prices });
        expect(money).toBe(named.length === 0 ? undefined : 1 + 2 * Math.max(...named));
      }),
    );
  });

  test('the price is unknown if one of the plugins that may serve a model leaves it open', () => {
    const body = bodyOf({ duration: 5, metadata: { duration: 10 } }, 'doubao-seedance-2-0-260128');
    const knowing = (most: number) =>
      costOf(
        { format: 'videos', body },
        {
          prices: {
            of: ({ seconds = Infinity }) => (seconds > most ? undefined : seconds),
            currencyOf: () => 'gateway',
          },
        },
      );
    expect(knowing(10)).toEqual({ seconds: 10, money: 10, currency: 'gateway' });
    expect(knowing(9)).toEqual({ seconds: 10 });
  });

  test.each([
    ['jimeng_v30', { duration: 5, metadata: { duration: 10 } }, 5],
    ['SD2.5 720P', { duration: 5, metadata: { duration: 10 } }, 5],
    ['SD2.5 720P', {}, 5],
    ['veo-3.1', {}, 8],
    ['doubao-seedance-2-5-260628', { duration: -1 }, 30],
    ['doubao-seedance-2-0-260128', { duration: 5, metadata: { duration: 10 } }, 10],
    ['SD2.5 720P', { duration: 99 }, 99],
  ])('%s %j: %s seconds, by what the model reads', (model, more, seconds) => {
    expect(costOf({ format: 'videos', body: bodyOf(more, model) }).seconds).toBe(seconds);
  });
});

describe('lengths that contradict each other', () => {
  const refusals = (more: object, model?: string) =>
    evaluateRequest(
      { format: 'videos', body: bodyOf(more, model) },
      { host: 'classic' },
    ).refusals.map(({ field }) => field);

  test.each([
    [{ seconds: '4', duration: 8 }, ['seconds']],
    [{ duration: 5, metadata: { duration: '10' } }, ['duration']],
    [{ duration: 5, metadata: '{"durationSeconds":8}' }, ['duration']],
    [{ seconds: '8', duration: 8 }, []],
    [{ seconds: '8', duration: 8.0, metadata: { duration: '8' } }, []],
    [{ duration: 8 }, []],
  ])('%j: refused %j', (more, fields) => {
    expect(refusals(more)).toEqual(fields);
  });

  test('are accepted if one of them is not read', () => {
    expect(refusals({ duration: 5, metadata: { duration: 10 } }, 'jimeng_v30')).toEqual([]);
  });
});
