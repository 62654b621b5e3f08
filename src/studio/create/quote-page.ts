import { html } from 'hono/html';
import type { Makes } from '../../contract/models/merge-findings.ts';
import type { RequestQuote } from '../../contract/quote-request.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { facts } from '../components/facts.ts';
import type { Html } from '../page/layout.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';
import { costText } from './money-text.ts';

type Texts = TextsOf<typeof createTexts>;

/** What is about to be paid. */
export interface Offer {
  request: VideoRequest;
  quote: RequestQuote;
  /** The idempotency key: a repeated click is the same video. */
  key: string;
  tags: string;
}

/** What will be made, what differs from the request, and what it costs at most, before the button. */
export function quotePage({ request, quote, key, tags }: Offer, texts: Texts): Html {
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
    <form method="post" action="/studio/new/start">
      <input type="hidden" name="request" value="${JSON.stringify(request)}" />
      <input type="hidden" name="key" value="${key}" />
      <input type="hidden" name="tags" value="${tags}" />
      <p class="row">
        <button class="main">${texts.pay}</button> <span class="soft">${texts.payHint}</span>
      </p>
    </form>`;
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
