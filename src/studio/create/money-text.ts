import type { PriceSource } from '../../contract/price/price-book.ts';
import type { QuotedCost } from '../../contract/quote-request.ts';
import { moneyText } from '../components/money.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';

type Texts = TextsOf<typeof createTexts>;

/** The highest cost of a video, and the source of its price. */
export function costText({ money, prices }: QuotedCost, texts: Texts): string {
  if (money === null || prices === null) return texts.costUnknown;
  return texts.costBy(moneyText(money), sourceText(prices, texts));
}

function sourceText({ from, date }: PriceSource, texts: Texts): string {
  switch (from) {
    case 'GATEWAY_PRICES':
      return texts.sourceOwn;
    case 'gateway':
      return texts.sourceGateway(date ?? '');
    case 'catalogue':
      return texts.sourceCatalogue(date ?? '');
  }
}
