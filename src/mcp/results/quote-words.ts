import type { QuoteObject } from '../../serve/catalogue/quote-video.ts';

/** `5 s, 720p, 16:9` */
export function madeWords({ makes }: Pick<QuoteObject, 'makes'>): string {
  const { seconds, resolution, ratio } = makes;
  const length = typeof seconds === 'number' ? `${seconds} s` : 'a length that is not fixed';
  return [length, ...[resolution, ratio].filter(isFixed)].join(', ');
}

/** The most that a request can cost, as one sentence. */
export function costWords({ cost }: Pick<QuoteObject, 'cost'>): string {
  const { money } = cost;
  return money === null
    ? 'Its price is not known.'
    : `It costs at most ${moneyText(money)} units of the account.`;
}

/** Without the noise of binary fractions. */
function moneyText(money: number): string {
  return String(Number(money.toFixed(6)));
}

function isFixed(value: string | null): value is string {
  return value !== null && !['auto', 'adaptive', 'depends'].includes(value);
}
