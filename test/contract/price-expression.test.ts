import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dearestPrice } from '../../src/contract/price/dearest-price.ts';
import { readPriceExpression, type PriceValue } from '../../src/contract/price/price-expression.ts';

const veo =
  'u("resolution") == "4k" ? tier("4k", u("seconds") * 0.375) : tier("base", u("seconds") * 0.25)';

function price(text: string, values: Record<string, PriceValue> = {}): number | undefined {
  return readPriceExpression(text)?.at(values);
}

test.each<[text: string, values: Record<string, PriceValue>, money: number]>(
  [
    [veo, { seconds: 8, resolution: '4k' }, 3],
    [veo, { seconds: 8, resolution: '720p' }, 2],
    ['tier("base", u("seconds") * 0.95)', { seconds: 5 }, 4.75],
    ['2 + 3 * 4', {}, 14],
    ['(2 + 3) * 4', {}, 20],
    ['10 - 4 - 3', {}, 3],
    ['24 / 4 / 2', {}, 3],
    ['-2 * -3', {}, 6],
    ['1e1 + .5 * 2', {}, 11],
    ["u('a') != 'x' ? 1 : 2", { a: 'x' }, 2],
    ['1 < 2 && 2 <= 2 ? 3 : 4', {}, 3],
    ['1 > 2 || 2 >= 3 ? 3 : 4', {}, 4],
    ['!u("sound") ? 1 : 2', { sound: false }, 1],
    ['u("sound") == true ? 1 : 2', { sound: true }, 1],
    ['true ? 1 : false ? 2 : 3', {}, 1],
    ['false ? 1 : false ? 2 : 3', {}, 3],
    ['true || u("absent") ? 1 : 2', {}, 1],
    ['u("seconds") <= 5 ? tier("short", 2) : tier("long", 3)', { seconds: 6 }, 3],
  ].filter(([, , money]) => !Number.isNaN(money)) as [string, Record<string, PriceValue>, number][],
)('%s at %j costs %d', (text, values, money) => {
  expect(price(text, values)).toBeCloseTo(money, 12);
});

test.each<[why: string, text: string, values?: Record<string, PriceValue>]>([
  ['is empty', ''],
  ['uses a name that is no dimension', 'p * 2.5'],
  ['calls another function', 'max(1, 2)'],
  ['calls a member', 'tier("x", 1).constructor("return 1")'],
  ['computes the name of a dimension', 'u("a" + "b")', { ab: 1 }],
  ['names a property that every object has', 'u("constructor")'],
  ['indexes', 'u["seconds"]', { seconds: 5 }],
  ['assigns', 'u("seconds") = 5', { seconds: 5 }],
  ['compares strictly, which only one of the two languages supports', '1 === 1 ? 1 : 2'],
  ['chains comparisons', '1 < 2 == true ? 1 : 2'],
  ['uses an operator of only one of the two languages', '2 ** 3'],
  ['uses the remainder operator', '5 % 3'],
  ['joins two expressions', '1 2'],
  ['ends early', 'tier("x", 1'],
  ['has a second statement', '1; 2'],
  ['has a number that ends in a letter', '1x'],
  ['has a number with two decimal points', '1.2.3'],
  ['has an escape sequence', '"a\\"b" == "c" ? 1 : 2'],
  ['has a tier without a name', 'tier(1)'],
  ['has a tier whose name is no string', 'tier(1, 2)'],
  ['evaluates to a string', '"free"'],
  ['evaluates to a boolean', '1 < 2'],
  ['evaluates to a negative number', '1 - 2'],
  ['divides by zero', '1 / 0'],
  ['uses a number as a condition', '1 ? 2 : 3'],
  ['adds a string', '1 + "1"'],
  ['compares a number with a string', 'u("seconds") == "5" ? 1 : 2', { seconds: 5 }],
  ['orders texts', '"a" < "b" ? 1 : 2'],
  ['needs an unknown dimension', 'u("seconds") * 2'],
  ['is too long', `1${' + 1'.repeat(1025)}`],
  ['is nested too deeply', `${'('.repeat(200)}1${')'.repeat(200)}`],
])('an expression that %s has no price', (_why, text, at = {}) => {
  expect(price(text, at)).toBeUndefined();
});

test('an expression of fifty tiers is read', () => {
  const tiers = Array.from({ length: 50 }, (_, at) => `u("s") == ${at} ? tier("${at}", ${at}) : `);

  expect(price(`${tiers.join('')}99`, { s: 49 })).toBe(49);
});

test('no text makes the parser throw', () => {
  const words = ['tier', 'u', '(', ')', '"seconds"', ',', '?', ':', '*', '-', '!', '==', '1', '.5'];
  const mixed = fc
    .array(fc.constantFrom(...words), { maxLength: 30 })
    .map((each) => each.join(' '));

  fc.assert(
    fc.property(fc.oneof(fc.string(), mixed), (text) => {
      const money = price(text, { seconds: 5 });
      expect(money === undefined || (Number.isFinite(money) && money >= 0)).toBe(true);
    }),
  );
});

interface Tree {
  text: string;
  value: number;
}

const values = { seconds: 5, other: 0.25 };
const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.integer({ min: 0, max: 1000 }).map((value) => ({ text: String(value), value })),
  fc.constantFrom('seconds' as const, 'other' as const).map((name) => ({
    text: `u("${name}")`,
    value: values[name],
  })),
);
const operators: Record<string, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
};
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc
      .tuple(fc.constantFrom(...Object.keys(operators)), tie('tree'), tie('tree'))
      .map(([sign, left, right]) => ({
        text: `(${left.text}) ${sign} (${right.text})`,
        value: operators[sign]?.(left.value, right.value) ?? NaN,
      })),
    fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([first, second, third]) => ({
      text: `(${first.text}) < (${second.text}) ? tier('a', ${third.text}) : ${first.text}`,
      value: first.value < second.value ? third.value : first.value,
    })),
  ),
}));

test('the price of an expression is computed from its parts', () => {
  const grouped = tree.map(({ text, value }) => ({ text: `tier("all", ${text})`, value }));

  fc.assert(
    fc.property(grouped, ({ text, value }) => {
      fc.pre(text.length <= 4096);
      expect(price(text, values)).toBe(value >= 0 ? value : undefined);
    }),
  );
});

test('the highest price is one that a request can have, and no possible price is higher', () => {
  const resolutions = ['720p', '1080p', '4k'] as const;
  const lengths = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }));

  fc.assert(
    fc.property(lengths, fc.subarray([...resolutions], { minLength: 1 }), ([from, more], some) => {
      const expression = readPriceExpression(veo);
      const prices = some.flatMap((resolution) =>
        Array.from({ length: more + 1 }, (_, step) =>
          expression?.at({ seconds: from + step, resolution }),
        ),
      );
      const dearest =
        expression &&
        dearestPrice(expression, { seconds: { from, to: from + more }, resolution: some });
      expect(dearest).toBe(Math.max(...prices.map(Number)));
    }),
  );
});

test('a price that falls with the length is highest for a short one', () => {
  const expression = readPriceExpression('u("seconds") <= 5 ? 9 : u("seconds")');

  expect(expression && dearestPrice(expression, { seconds: { from: 4, to: 8 } })).toBe(9);
});

test.each<[why: string, dimensions: Parameters<typeof dearestPrice>[1]]>([
  ['a dimension is not named', { seconds: 5 }],
  ['a dimension has no value', { seconds: 5, resolution: [] }],
  ['a range has no end', { seconds: { from: 4, to: Infinity }, resolution: '720p' }],
  ['a range is empty', { seconds: { from: 8, to: 4 }, resolution: '720p' }],
  ['one value has no price', { seconds: [5, 'long'], resolution: '720p' }],
])('there is no highest price if %s', (_why, dimensions) => {
  const expression = readPriceExpression(veo);

  expect(expression && dearestPrice(expression, dimensions)).toBeUndefined();
  expect(expression?.names).toEqual(['resolution', 'seconds']);
});

test('dimensions without a price change nothing', () => {
  const expression = readPriceExpression('tier("base", u("seconds") * 2)');

  expect(expression && dearestPrice(expression, { seconds: 5, resolution: [] })).toBe(10);
});
