import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { visibleLines } from '../../contract/visible-text.ts';
import type { SpendOffer } from '../spending/spend-offers.ts';
import { approveStyle } from './approve-style.ts';
import { approveTexts, type ApproveTexts, type Lang } from './approve-texts.ts';
import { madeWords, priceWords } from './made-words.ts';
import { requestFacts } from './request-facts.ts';

// The hash is of every byte between the tags.
const style = raw(`<style>${approveStyle}</style>`);
const styleHash = createHash('sha256').update(approveStyle).digest('base64');

/** Allows the style of the page and its form, and nothing else: no scripts, no images, no other hosts. */
export const approvePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

type Html = ReturnType<typeof html>;

/** What the page of a quote shows. */
export interface ApproveView {
  offer: SpendOffer;
  /** The server has API keys: the form asks for one. */
  needsKey: boolean;
  /** The last attempt had a key that may not approve. */
  isRefused?: boolean;
  nowMs: number;
}

/** A quote with the form that approves it, or what became of it. */
export function approvePage(lang: Lang, view: ApproveView): Html {
  const texts = approveTexts(lang);
  const { offer } = view;
  switch (offer.state) {
    case 'open':
      return frame(lang, {
        title: texts.ask,
        body: html`<p class="soft">${texts.intro}</p>
          ${factsOf(texts, view)}${formOf(texts, view)}`,
      });
    case 'approved':
      return frame(lang, {
        title: texts.approved,
        tone: 'good',
        body: html`<p>${texts.approvedNote}</p>
          ${factsOf(texts, view)}`,
      });
    case 'used':
      return frame(lang, {
        title: offer.use?.by === 'standing' ? texts.standing : texts.used,
        tone: 'good',
        body: html`<p>${offer.use?.by === 'standing' ? texts.standingNote : texts.usedNote}</p>
          ${factsOf(texts, view)}`,
      });
    case 'expired':
      return notePage(lang, 'expired');
  }
}

/** A page without a quote. */
export function notePage(lang: Lang, what: 'expired' | 'unknown' | 'refused', more = ''): Html {
  const texts = approveTexts(lang);
  const body = html`<p>${texts[`${what}Note`]}</p>
    ${more === '' ? '' : html`<p class="soft">${more}</p>`}`;
  return frame(lang, { title: texts[what], tone: 'bad', body });
}

function factsOf(texts: ApproveTexts, { offer, nowMs }: ApproveView): Html {
  const { prompt, isPromptCut, model, makes } = offer;
  const facts = requestFacts(offer, texts);
  return html`<dl>
    ${fact(
      texts.prompt,
      html`${prompt === null || prompt.trim() === '' ? texts.noPrompt : promptOf(prompt)}
      ${isPromptCut ? html`<small>${texts.promptCut}</small>` : ''}`,
    )}
    ${fact(texts.model, html`<bdi>${model}</bdi>`)}
    ${makes ? fact(texts.makes, html`<bdi>${madeWords(makes, texts)}</bdi>`) : ''}
    ${facts.map(({ name, values }) => fact(name, listOf(values)))}
    ${fact(texts.cost, costOf(texts, offer))}
    ${offer.state === 'open' ? fact(texts.expires, timeOf(texts, offer.expiresAt, nowMs)) : ''}
  </dl>`;
}

function fact(name: string, value: Html | string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function listOf(values: readonly string[]): Html {
  const [first = ''] = values;
  if (values.length === 1) return html`<bdi>${first}</bdi>`;
  return html`<ul>
    ${values.map((each) => html`<li><bdi>${each}</bdi></li>`)}
  </ul>`;
}

/** Can be scrolled with the keyboard. No white space of ours is inside, because it would be shown. */
function promptOf(prompt: string): Html {
  return html`<blockquote dir="auto" tabindex="0">${visibleLines(prompt)}</blockquote>`;
}

function costOf(texts: ApproveTexts, { money, prices }: SpendOffer): Html {
  if (money === null) return html`<p class="notice warn">${texts.costUnknown}</p>`;
  return html`<span class="cost">${amount(money)}</span>
    <small>${prices ? priceWords(prices, texts) : ''}</small>`;
}

/** Without the noise of binary fractions. */
function amount(money: number): string {
  return String(Number(money.toFixed(6)));
}

function timeOf(texts: ApproveTexts, atMs: number, nowMs: number): Html {
  const iso = new Date(atMs).toISOString();
  const minutes = String(Math.max(1, Math.round((atMs - nowMs) / 60_000)));
  return html`<time datetime="${iso}">${iso.slice(11, 16)} UTC</time>
    <small>${texts.left.replace('$', minutes)}</small>`;
}

/** Posts to the address of the page, which has the token. */
function formOf(texts: ApproveTexts, { needsKey, isRefused }: ApproveView): Html {
  return html`<form method="post">
    ${isRefused ? html`<p class="notice alert" role="alert" id="fault">${texts.wrongKey}</p>` : ''}
    ${
      needsKey
        ? html`<label for="key">${texts.key}</label>
            <input
              id="key"
              name="key"
              type="password"
              required
              autocomplete="off"
              spellcheck="false"
              aria-describedby="key-note${isRefused ? ' fault' : ''}"
              ${isRefused ? html`aria-invalid="true"` : ''}
            />
            <small class="soft" id="key-note">${texts.keyNote}</small>`
        : ''
    }
    <button>${texts.approve}</button>
    <p class="soft">${texts.otherwise}</p>
  </form>`;
}

function frame(
  lang: Lang,
  { title, body, tone = '' }: { title: string; body: Html; tone?: 'good' | 'bad' | '' },
): Html {
  return html`<!doctype html>
    <html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · onetake</title>
        ${style}
      </head>
      <body>
        <main>
          <p class="brand">onetake</p>
          <h1 class="${tone}">${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}
