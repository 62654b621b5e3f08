import { html } from 'hono/html';
import { clock } from '../../contract/clock-text.ts';
import { expectation, type Expecting } from '../../contract/expected-time.ts';
import type { VideoStatus } from '../../contract/messages.ts';
import { placeAt } from '../../contract/place-in-queue.ts';
import { isWaiting } from '../../contract/retry-words.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { progressTexts } from '../texts/progress.ts';
import { time } from './time.ts';

/** Where a text is shown. */
export interface Shown {
  lang: Lang;
  /** Milliseconds since the epoch. */
  now: number;
}

/** E.g. `about 1:40 left (usually 1:20–2:30)`; null if nothing is known. */
export function expectedText(status: Expecting, { lang, now }: Shown): string | null {
  const found = expectation(status, now);
  if (!found) return null;
  const texts = inLanguage(progressTexts, lang);
  const { leftMs, atMostMs, usual } = found;
  const [from, to] = [clock(usual.fromMs), clock(usual.toMs)];
  const left = leftMs >= 1_000 ? texts.left(clock(leftMs)) : atMostMs > 0 ? texts.soon : texts.late;
  return texts.withUsual(left, from === to ? to : `${from}–${to}`);
}

/** The place of a waiting video in the queue; null if it does not wait, or the place is not known. */
export function placeText(
  { phase, waiting }: Pick<Partial<VideoStatus>, 'phase' | 'waiting'>,
  { lang, now }: Shown,
): Html | null {
  if (phase !== 'waiting' || !waiting) return null;
  const texts = inLanguage(progressTexts, lang);
  const { place, of, expectedStart } = placeAt(waiting, now);
  const where = place === undefined ? texts.oneOf(of) : texts.place(place, of);
  return expectedStart === undefined
    ? html`${where}`
    : html`${where} · ${texts.startsAbout} ${time(expectedStart)}`;
}

/** The step that has failed and is tried again; null if there is none. */
export function retryText(
  { retrying }: Pick<Partial<VideoStatus>, 'retrying'>,
  { lang }: Shown,
): Html | null {
  if (!retrying) return null;
  const texts = inLanguage(progressTexts, lang);
  const { step = 'submit', failure, attempt, until } = retrying;
  const { message, gatewayMessage } = failure;
  if (isWaiting(retrying)) return html`${texts.noSlot}`;
  const isSaid = gatewayMessage === undefined || message.includes(gatewayMessage);
  return html`${texts.retrying(texts[step], attempt ?? 1)}
    ${until === undefined ? '' : html`· ${texts.nextTry} ${time(until)}`}<br /><span class="soft"
      >${isSaid ? message : `${message}: ${gatewayMessage}`}</span
    >`;
}
