import { html } from 'hono/html';
import type { Makes } from '../../contract/models/merge-findings.ts';
import type { PriceSource } from '../../contract/price/price-book.ts';
import type { QuoteTally } from '../../manifest/quote.ts';
import type { Manifest } from '../../manifest/read-manifest.ts';
import { facts } from '../components/facts.ts';
import { moneyText } from '../components/money.ts';
import { table } from '../components/table.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang, type TextsOf } from '../texts/in-language.ts';
import { quoteTexts } from '../texts/quotes.ts';
import type { RowsQuote } from './quote-rows.ts';

type Texts = TextsOf<typeof quoteTexts>;

/** `12 videos, 48 s` */
export function videosWords(
  { rows, seconds, rowsWithoutLength }: QuoteTally,
  texts: Texts,
): string {
  const parts = [
    texts.videos(rows),
    ...(rows > rowsWithoutLength ? [texts.seconds(seconds)] : []),
    ...(rowsWithoutLength > 0 ? [texts.openLength(rowsWithoutLength)] : []),
  ];
  return parts.join(texts.and);
}

/** `at most 4.8 and 1 without a known price` */
export function moneyWords({ rows, money, rowsWithoutPrice }: QuoteTally, texts: Texts): string {
  if (rows === 0) return texts.nothing;
  if (rowsWithoutPrice === rows) return texts.noPrice;
  const most = texts.atMost(moneyText(money));
  return rowsWithoutPrice === 0 ? most : `${most}${texts.openPrice(rowsWithoutPrice)}`;
}

/** What a start would pay, make and change. */
export function quoteView(
  quote: RowsQuote,
  { warnings, lang }: { warnings: Manifest['warnings']; lang: Lang },
): Html {
  const texts = inLanguage(quoteTexts, lang);
  const { started } = quote.byOrigin;
  return html`<section class="card" aria-labelledby="to-pay">
      <h2 id="to-pay">${texts.toPay}</h2>
      <p class="big" id="quote">
        ${started.rows === 0 ? texts.nothing : `${videosWords(started, texts)}${texts.is}${moneyWords(started, texts)}`}
      </p>
      ${tallies(quote, texts)}
    </section>
    ${conflictNotice(quote, texts)} ${warningTable(warnings, texts)} ${modelTable(quote, texts)}
    ${makesTable(quote, texts)}`;
}

function tallies(quote: RowsQuote, texts: Texts): Html {
  const { all, byOrigin, billedBefore, conflicts, sources } = quote;
  const { joined, cached } = byOrigin;
  const noted = (tally: QuoteTally) => `${videosWords(tally, texts)}${texts.is}${texts.joinedNote}`;
  return facts([
    [texts.rows, all.rows + billedBefore + conflicts.length],
    [texts.joined, joined.rows > 0 ? noted(joined) : null],
    [texts.cached, cached.rows > 0 ? noted(cached) : null],
    [texts.billedBefore, billedBefore > 0 ? `${billedBefore}${texts.is}${texts.billedNote}` : null],
    [
      texts.prices,
      sources.length > 0 ? sources.map((each) => sourceWords(each, texts)).join('; ') : null,
    ],
  ]);
}

function sourceWords({ from, date }: PriceSource, texts: Texts): string {
  if (from === 'GATEWAY_PRICES') return texts.ownPrices;
  return from === 'gateway' ? texts.gatewayPrices(date ?? '') : texts.cataloguePrices(date ?? '');
}

const mostShown = 20;

function conflictNotice({ conflicts }: RowsQuote, texts: Texts): Html | '' {
  if (conflicts.length === 0) return '';
  const rest = conflicts.length - mostShown;
  return html`<div class="notice warn">
    <h2>${texts.conflicts}</h2>
    <p>${texts.conflictNote(conflicts.length)}</p>
    <ul>
      ${conflicts.slice(0, mostShown).map(({ line, key }) => html`<li>${texts.conflictRow(line, key)}</li>`)}
      ${rest > 0 ? html`<li>${texts.andMore(rest)}</li>` : ''}
    </ul>
  </div>`;
}

const mostLines = 12;

function warningTable(warnings: Manifest['warnings'], texts: Texts): Html | '' {
  if (warnings.length === 0) return '';
  const columns = [
    { title: texts.lines },
    { title: texts.column },
    { title: texts.message, isText: true as const },
  ];
  const rows = warnings.map(({ lines, field, message }) => {
    const rest = lines.length - mostLines;
    const more = rest > 0 ? ` ${texts.andMore(rest)}` : '';
    return [`${lines.slice(0, mostLines).join(', ')}${more}`, html`<code>${field}</code>`, message];
  });
  return html`<div class="notice warn"><p>${texts.warningsNote}</p></div>
    ${table(columns, rows, { caption: texts.warnings })}`;
}

function modelTable({ byModel }: RowsQuote, texts: Texts): Html | '' {
  if (byModel.length === 0) return '';
  const columns = [{ title: texts.model }, { title: texts.videosColumn }, { title: texts.cost }];
  const rows = byModel.map(({ model, ...tally }) => [
    model,
    videosWords(tally, texts),
    moneyWords(tally, texts),
  ]);
  return table(columns, rows, { caption: texts.byModel });
}

function makesTable({ makes }: RowsQuote, texts: Texts): Html | '' {
  const rest = makes.length - mostShown;
  const columns = [
    { title: texts.model },
    { title: texts.videosColumn, isNumber: true as const },
    { title: texts.video },
    { title: texts.each },
  ];
  const rows = makes
    .slice(0, mostShown)
    .map(({ count, each }) => [
      each.model,
      count,
      madeWords(each.makes, texts),
      each.cost.money === null ? texts.noPrice : texts.atMost(moneyText(each.cost.money)),
    ]);
  return html`${table(columns, rows, { caption: texts.makes })}
  ${rest > 0 ? html`<p>${texts.andMore(rest)}</p>` : ''}`;
}

/** `5 s, 720p, 16:9, with sound` */
function madeWords({ seconds, resolution, ratio, audio }: Makes, texts: Texts): string {
  const isOpen = (value: unknown) =>
    value === 'auto' || value === 'depends' || value === 'adaptive';
  const parts = [
    typeof seconds === 'number'
      ? texts.seconds(seconds)
      : isOpen(seconds)
        ? texts.lengthOpen
        : null,
    isOpen(resolution) ? null : resolution,
    isOpen(ratio) ? null : ratio,
    audio === true ? texts.soundOn : audio === false ? texts.soundOff : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? texts.unknownResult : parts.join(texts.and);
}

/** The words of the button: it says what is paid. */
export function startWords({ byOrigin: { started } }: RowsQuote, texts: Texts): string {
  if (started.rows === 0) return texts.startFree;
  return texts.start(texts.videos(started.rows), moneyWords(started, texts));
}
