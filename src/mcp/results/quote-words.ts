import type { QuoteObject } from '../../serve/catalogue/quote-video.ts';
import { approveTexts } from '../approve/approve-texts.ts';
import { madeWords as made, priceWords } from '../approve/made-words.ts';

/** The words of the page that approves a quote. Hosts show these in English. */
const texts = approveTexts('en');

/** `5 s, 720p, 16:9` */
export function madeWords({ makes }: Pick<QuoteObject, 'makes'>): string {
  return made(makes, texts);
}

/** The highest cost of a request, and where it comes from. */
export function costWords({ cost }: Pick<QuoteObject, 'cost'>): string {
  const { money, prices } = cost;
  if (money === null) return `${texts.cost}: ${texts.costUnknown}`;
  return `${texts.cost}: ${moneyText(money)}${prices ? ` (${priceWords(prices, texts)})` : ''}`;
}

/** Without the noise of binary fractions. */
function moneyText(money: number): string {
  return String(Number(money.toFixed(6)));
}
