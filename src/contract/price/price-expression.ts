import { readPriceTokens, type PriceToken } from './price-tokens.ts';

/** Value of a priced dimension: a length in seconds, a resolution, or whether there is sound. */
export type PriceValue = number | string | boolean;

/** A parsed expression of the price list. `names` are the dimensions that it may read. */
export interface PriceExpression {
  readonly names: readonly string[];
  /** The price for these values; undefined if a value is missing, or the result is not a price. */
  at(values: Readonly<Record<string, PriceValue>>): number | undefined;
}

/** Limits for untrusted input. The longest observed expression has 120 characters. */
const maxCharacters = 4096;
const maxDepth = 128;

/**
 * Parses an expression such as `tier("4k", u("seconds") * 0.375)`: tiers, dimensions, numbers, strings, arithmetic,
 * comparisons, `&&`, `||`, `!` and `?:`. Accepts only forms for which JavaScript and the gateway's language have the
 * same precedence.
 *
 * @returns undefined for anything else, because an unknown price is better than a wrong one.
 */
export function readPriceExpression(text: string): PriceExpression | undefined {
  const tokens = text.length > maxCharacters ? undefined : readPriceTokens(text);
  if (tokens === undefined) return undefined;
  try {
    const parser: Parser = { tokens, at: 0, depth: 0, names: new Set() };
    const node = readChoice(parser);
    if (parser.at !== tokens.length) return undefined;
    return { names: [...parser.names], at: (values) => priceAt(node, values) };
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  }
}

type Values = Readonly<Record<string, PriceValue>>;

/** A part of an expression. Throws NotReadable if it has no value. */
type Node = (values: Values) => PriceValue;

interface Parser {
  tokens: readonly PriceToken[];
  at: number;
  depth: number;
  names: Set<string>;
}

class NotReadable extends Error {}

function priceAt(node: Node, values: Values): number | undefined {
  try {
    const price = node(values);
    return typeof price === 'number' && Number.isFinite(price) && price >= 0 ? price : undefined;
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  }
}

/** `condition ? one : other`, right-associative. */
function readChoice(parser: Parser): Node {
  return deeper(parser, () => {
    const condition = readOperators(parser, 0);
    if (!take(parser, '?')) return condition;
    const one = readChoice(parser);
    demand(parser, ':');
    const other = readChoice(parser);
    return (values) => (booleanOf(condition(values)) ? one(values) : other(values));
  });
}

type Operator = (left: Node, right: Node) => Node;

const numeric =
  (work: (left: number, right: number) => PriceValue): Operator =>
  (left, right) =>
  (values) =>
    work(numberOf(left(values)), numberOf(right(values)));

const equal =
  (isWanted: boolean): Operator =>
  (left, right) =>
  (values) => {
    const [one, other] = [left(values), right(values)];
    if (typeof one !== typeof other) throw new NotReadable();
    return (one === other) === isWanted;
  };

/** Lowest precedence first. All are left-associative. */
const levels: readonly Readonly<Record<string, Operator>>[] = [
  { '||': (left, right) => (values) => booleanOf(left(values)) || booleanOf(right(values)) },
  { '&&': (left, right) => (values) => booleanOf(left(values)) && booleanOf(right(values)) },
  {
    '==': equal(true),
    '!=': equal(false),
    '<': numeric((left, right) => left < right),
    '<=': numeric((left, right) => left <= right),
    '>': numeric((left, right) => left > right),
    '>=': numeric((left, right) => left >= right),
  },
  { '+': numeric((left, right) => left + right), '-': numeric((left, right) => left - right) },
  { '*': numeric((left, right) => left * right), '/': numeric((left, right) => left / right) },
];

/** Comparisons cannot be chained: languages differ on expressions such as `1 < 2 == true`. */
const comparisons = 2;

function readOperators(parser: Parser, level: number): Node {
  const operators = levels[level];
  if (operators === undefined) return readUnary(parser);
  let left = readOperators(parser, level + 1);
  for (let count = 0; ; count += 1) {
    const token = parser.tokens[parser.at];
    const operator =
      token?.kind === 'sign' && Object.hasOwn(operators, token.text)
        ? operators[token.text]
        : undefined;
    if (operator === undefined) return left;
    if (count > 0 && level === comparisons) throw new NotReadable();
    parser.at += 1;
    left = operator(left, readOperators(parser, level + 1));
  }
}

function readUnary(parser: Parser): Node {
  return deeper(parser, () => {
    if (take(parser, '!')) {
      const negated = readUnary(parser);
      return (values) => !booleanOf(negated(values));
    }
    if (!take(parser, '-')) return readOperand(parser);
    const negated = readUnary(parser);
    return (values) => -numberOf(negated(values));
  });
}

function readOperand(parser: Parser): Node {
  const token = parser.tokens[parser.at];
  parser.at += 1;
  if (token?.kind === 'number' || token?.kind === 'text') {
    const { value } = token;
    return () => value;
  }
  if (token?.kind === 'name') return readName(parser, token.text);
  if (token?.text !== '(') throw new NotReadable();
  const inner = readChoice(parser);
  demand(parser, ')');
  return inner;
}

function readName(parser: Parser, name: string): Node {
  if (name === 'true' || name === 'false') return () => name === 'true';
  demand(parser, '(');
  const text = parser.tokens[parser.at];
  if (text?.kind !== 'text') throw new NotReadable();
  parser.at += 1;
  const node = name === 'u' ? dimension(parser, text.value) : readTier(parser, name);
  demand(parser, ')');
  return node;
}

function dimension({ names }: Parser, name: string): Node {
  names.add(name);
  return (values) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new NotReadable();
    return value;
  };
}

/** The name of a tier is for the bill only. Its value is that of the inner expression. */
function readTier(parser: Parser, name: string): Node {
  if (name !== 'tier') throw new NotReadable();
  demand(parser, ',');
  return readChoice(parser);
}

function deeper(parser: Parser, read: () => Node): Node {
  parser.depth += 1;
  if (parser.depth > maxDepth) throw new NotReadable();
  const node = read();
  parser.depth -= 1;
  return node;
}

function take(parser: Parser, sign: string): boolean {
  const token = parser.tokens[parser.at];
  if (token?.kind !== 'sign' || token.text !== sign) return false;
  parser.at += 1;
  return true;
}

function demand(parser: Parser, sign: string): void {
  if (!take(parser, sign)) throw new NotReadable();
}

function numberOf(value: PriceValue): number {
  if (typeof value === 'number') return value;
  throw new NotReadable();
}

function booleanOf(value: PriceValue): boolean {
  if (typeof value === 'boolean') return value;
  throw new NotReadable();
}
