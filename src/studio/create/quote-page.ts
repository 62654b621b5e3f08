import { html } from 'hono/html';
import type { Makes } from '../../contract/models/merge-findings.ts';
import type { RequestQuote } from '../../contract/quote-request.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { hiddenFields } from '../components/form-field.ts';
import { facts } from '../components/facts.ts';
import type { Html } from '../page/layout.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';
import { costText } from './money-text.ts';
import type { GivenFields } from './video-fields.ts';

type Texts = TextsOf<typeof createTexts>;

/** What is about to be paid. */
export interface Offer {
  request: VideoRequest;
  quote: RequestQuote;
  /** The idempotency key: a repeated click is the same video. */
  key: string;
  tags: string;
  /** The video with this key is under way or stored. */
  exists: boolean;
  /** The form that it came from. */
  given?: GivenFields;
}

/** What will be made, what differs from the request, and what it costs at most, before the button. */
export function quotePage(offer: Offer, texts: Texts): Html {
  const { request, quote } = offer;
  const { model, makes, warnings, cost, refusals } = quote;
  const { prompt } = request.body;
  if (refusals.length > 0) {
    return html`<div class="notice bad" role="alert">
      <p><strong>${texts.refused}</strong></p>
      <ul>
        ${refusals.map(({ field, message }) => html`<li><code>${field}</code>: ${message}</li>`)}
      </ul>
    </div>`;
  }
  return html`<div class="card">
      ${facts([
        [texts.model, model],
        [
          texts.prompt,
          typeof prompt === 'string' ? html`<span class="prompt">${prompt}</span>` : null,
        ],
        [texts.length, lengthText(makes, texts)],
        [texts.resolution, valueText(makes.resolution, texts)],
        [texts.ratio, valueText(makes.ratio, texts)],
        [texts.audio, soundText(makes, texts)],
        ...(makes.media.length > 0 ? [] : [[texts.media, texts.none] as const]),
        ...makes.media.map(
          ({ field, role }) => [field, role.replaceAll('_', ' ')] as [string, string],
        ),
      ])}
      <p class="soft">${texts.cost}</p>
      <p class="big number">${costText(cost, texts)}</p>
    </div>
    ${
      warnings.length === 0
        ? ''
        : html`<div class="notice warn">
            <p><strong>${texts.warnings}</strong></p>
            <ul>
              ${warnings.map(({ field, message }) => html`<li><code>${field}</code>: ${message}</li>`)}
            </ul>
          </div>`
    }
    ${buttons(offer, texts)}`;
}

/** The button that pays, or leads to what was paid before; and the way back to the form. */
function buttons({ request, key, tags, exists, given }: Offer, texts: Texts): Html {
  return html`${exists ? html`<p class="notice busy">${texts.exists}</p>` : ''}
    <form method="post" action="/studio/new/start">
      ${hiddenFields({ request: JSON.stringify(request), key, tags })}
      <p class="row">
        <button class="main">${exists ? texts.toVideo : texts.pay}</button>
        ${exists ? '' : html`<span class="soft">${texts.payHint}</span>`}
      </p>
    </form>
    ${
      given
        ? html`<form method="post" action="/studio/new/change">
            ${hiddenFields({ ...given })}
            <button>${texts.change}</button>
          </form>`
        : html`<p>
            <a href="/studio/new?model=${encodeURIComponent(request.body.model)}"
              >${texts.change}</a
            >
          </p>`
    }`;
}

function lengthText({ seconds }: Makes, texts: Texts): string {
  return typeof seconds === 'number'
    ? texts.secondsLong(String(seconds))
    : valueText(seconds, texts);
}

function valueText(value: string | null, texts: Texts): string {
  if (value === null) return texts.unknown;
  if (value === 'depends') return texts.byChannel;
  return value === 'auto' || value === 'adaptive' ? texts.vendorChooses : value;
}

function soundText({ audio }: Makes, texts: Texts): string {
  if (typeof audio === 'boolean') return audio ? texts.on : texts.off;
  return valueText(audio, texts);
}
