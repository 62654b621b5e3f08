import { html } from 'hono/html';
import { catalogIds } from '../../contract/models/catalog.ts';
import { modelFacts, type ModelFacts } from '../../contract/models/model-facts.ts';
import type { PriceBook } from '../../contract/price/price-book.ts';
import type { Html } from '../page/layout.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';
import { textField } from '../components/form-field.ts';
import { moneyText } from '../components/money.ts';
import { table, type Cells } from '../components/table.ts';

type Texts = TextsOf<typeof createTexts>;

/** Choice of a model: all of the catalogue with what they make and cost, or another name. */
export function modelPage(book: PriceBook, texts: Texts): Html {
  const models = catalogIds().flatMap((id) => modelFacts(id, { book, listed: null }) ?? []);
  const columns = [
    { title: texts.model },
    { title: texts.length },
    { title: texts.resolution },
    { title: texts.media },
    { title: texts.price, isNumber: true },
  ] as const;
  const rows = models.map((facts) => modelRow(facts, texts));
  return html`${table(columns, rows, { caption: texts.chooseModel })}
    <form class="card" method="get" action="/studio/new">
      ${textField(
        { name: 'model', label: texts.otherModel, hint: texts.otherModelHint },
        { isRequired: true },
      )}
      <button>${texts.choose}</button>
    </form>`;
}

function modelRow(facts: ModelFacts, texts: Texts): Cells {
  const { id, seconds, resolution, media } = facts;
  return [
    html`<a href="/studio/new?model=${encodeURIComponent(id)}">${id}</a>`,
    texts.secondsLong(lengths(seconds)),
    resolution.values.join(', '),
    texts.upTo(String(media.images ?? '?'), String(media.videos ?? '?')),
    priceText(facts, texts),
  ];
}

function lengths({ values, from, to }: ModelFacts['seconds']): string {
  return values.length > 0 ? values.join(', ') : `${from ?? '?'}–${to ?? '?'}`;
}

/** The range of prices by resolution. */
export function priceText({ price }: Pick<ModelFacts, 'price'>, texts: Texts): string {
  const perSecond = price.flatMap((each) => each.perSecond ?? []);
  const perVideo = price.flatMap((each) => each.perVideo ?? []);
  if (perSecond.length > 0) return texts.perSecond(range(perSecond));
  return perVideo.length > 0 ? texts.perVideo(range(perVideo)) : texts.noPrice;
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? moneyText(least) : `${moneyText(least)}–${moneyText(most)}`;
}
