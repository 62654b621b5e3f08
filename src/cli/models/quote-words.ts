import { candidatesOf } from '../../contract/models/catalog.ts';
import type { Makes } from '../../contract/models/merge-findings.ts';
import { oneLine } from '../../contract/one-line.ts';
import type { PriceSource } from '../../contract/price/price-book.ts';
import type { QuotedCost, RequestQuote } from '../../contract/quote-request.ts';
import type { Colors } from '../output.ts';
import { field, warningWords } from '../video/report-video.ts';

/** `SD2.5 720P: 5 s, 720p, 16:9, sound on: 4.75` */
export function quoteWords({ model, makes, cost }: Pick<RequestQuote, 'model' | 'makes' | 'cost'>) {
  return oneLine(`${model}: ${madeWords(makes)}: ${moneyWords(cost.money)}`);
}

/** What a request makes, the findings for its fields, and the price. */
export function quoteLines(quote: RequestQuote, colors: Colors): string[] {
  const { model, makes, refusals, cost } = quote;
  const title =
    refusals.length > 0
      ? `${oneLine(model)}: ${colors.red('refused')}, nothing is made or charged`
      : quoteWords(quote);
  return [
    title,
    ...(candidatesOf(model).length > 0 ? [] : [field('model', unknownWords, colors)]),
    ...(refusals.length > 0 ? [] : mediaLines(makes, colors)),
    ...findingLines(quote, colors),
    ...(refusals.length > 0 ? [] : [field('cost', costWords(cost), colors)]),
  ];
}

const unknownWords = 'not in the catalogue, so only the general rules apply; see `onetake models`';

/** Refusals and warnings, each with its field. */
export function findingLines(
  { refusals, warnings }: Pick<RequestQuote, 'refusals' | 'warnings'>,
  colors: Colors,
): string[] {
  return [
    ...refusals.map((each) => field('refused', warningWords(each), colors)),
    ...warnings.map((each) => field(each.effect, warningWords(each), colors)),
  ];
}

function mediaLines({ media }: Makes, colors: Colors): string[] {
  return media.map((each, index) =>
    field(index === 0 ? 'media' : '', oneLine(`${each.field}: ${roleWords(each.role)}`), colors),
  );
}

function roleWords(role: string): string {
  return role === 'depends' ? 'depends on the channel' : role.replaceAll('_', ' ');
}

function madeWords({ seconds, resolution, ratio, audio }: Makes): string {
  const sound = audio === 'depends' ? audio : audio === null ? null : audio ? 'on' : 'off';
  const parts = [
    typeof seconds === 'number' ? `${seconds} s` : openWords('length', seconds),
    openWords('resolution', resolution),
    openWords('shape', ratio),
    sound === null ? null : sound === 'depends' ? 'sound by channel' : `sound ${sound}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'result not known' : parts.join(', ');
}

function openWords(what: string, value: string | null): string | null {
  if (value === 'depends') return `${what} by channel`;
  return value === 'auto' || value === 'adaptive' ? `${what} chosen by the vendor` : value;
}

/** `4.75`, without the noise of binary fractions. */
export function moneyWords(money: number | null): string {
  return money === null ? 'price not known' : String(Number(money.toFixed(6)));
}

function costWords({ money, seconds, prices }: QuotedCost): string {
  const charged = seconds === null ? 'an unknown length' : `${seconds} s`;
  if (money === null || prices === null) return `not known: no price for ${charged}`;
  return `${moneyWords(money)} at most, for ${charged}, by ${sourceWords(prices)}`;
}

export function sourceWords({ from, date }: PriceSource): string {
  switch (from) {
    case 'GATEWAY_PRICES':
      return 'GATEWAY_PRICES';
    case 'gateway':
      return `the gateway's price list of ${date}`;
    case 'catalogue':
      return `the price list of ${date}`;
  }
}
