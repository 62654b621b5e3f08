import { html } from 'hono/html';
import { catalogIds } from '../../contract/models/catalog.ts';
import { modelFacts, type ModelFacts } from '../../contract/models/model-facts.ts';
import type { PriceBook } from '../../contract/price/price-book.ts';
import type { Html } from '../page/layout.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';
import { moneyText } from './money-text.ts';

type Texts = TextsOf<typeof createTexts>;

/** Choice of a model: all of the catalogue with what they make and cost, or another name. */
export function modelPage(book: PriceBook, texts: Texts): Html {
  const models = catalogIds().flatMap((id) => modelFacts(id, { book, listed: null }) ?? []);
  return html`<div class="table">
      <table>
        <caption>
          ${texts.chooseModel}
        </caption>
        <thead>
          <tr>
            <th scope="col">${texts.model}</th>
            <th scope="col">${texts.length}</th>
            <th scope="col">${texts.resolution}</th>
            <th scope="col">${texts.media}</th>
            <th scope="col" class="number">${texts.price}</th>
          </tr>
        </thead>
        <tbody>
          ${models.map((facts) => modelRow(facts, texts))}
        </tbody>
      </table>
    </div>
    <form class="card" method="get" action="/studio/new">
      <div class="field">
        <label for="model">${texts.otherModel}</label>
        <input id="model" name="model" required maxlength="200" aria-describedby="model-hint" />
        <p class="hint" id="model-hint">${texts.otherModelHint}</p>
      </div>
      <button>${texts.choose}</button>
    </form>`;
}

function modelRow(facts: ModelFacts, texts: Texts): Html {
  const { id, seconds, resolution, media } = facts;
  return html`<tr>
    <th scope="row"><a href="/studio/new?model=${encodeURIComponent(id)}">${id}</a></th>
    <td>${texts.secondsLong(lengths(seconds))}</td>
    <td>${resolution.values.join(', ')}</td>
    <td>${texts.upTo(String(media.images ?? '?'), String(media.videos ?? '?'))}</td>
    <td class="number">${priceText(facts, texts)}</td>
  </tr>`;
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
