/** A token of a price expression. */
export type PriceToken =
  | { kind: 'number'; value: number; text?: never }
  | { kind: 'text'; value: string; text?: never }
  | { kind: 'name'; text: string }
  | { kind: 'sign'; text: string };

/** Strings have no escapes. No observed name needs one. */
const pieces =
  /\s*(?:(?<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])|"(?<double>[^"\\\n]*)"|'(?<single>[^'\\\n]*)'|(?<name>[A-Za-z_]\w*)|(?<sign>&&|\|\||[=!<>]=|[?:(),<>!+\-*/]))\s*/y;

/** Tokenizes a price expression; undefined if a character belongs to no token. */
export function readPriceTokens(text: string): PriceToken[] | undefined {
  const tokens: PriceToken[] = [];
  pieces.lastIndex = 0;
  while (pieces.lastIndex < text.length) {
    const groups = pieces.exec(text)?.groups;
    if (groups === undefined) return undefined;
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function tokenOf({
  number,
  double,
  single,
  name,
  sign = '',
}: Record<string, string | undefined>): PriceToken {
  if (number !== undefined) return { kind: 'number', value: Number(number) };
  const text = double ?? single;
  if (text !== undefined) return { kind: 'text', value: text };
  return name === undefined ? { kind: 'sign', text: sign } : { kind: 'name', text: name };
}
