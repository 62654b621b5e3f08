import { html } from 'hono/html';
import { hasEnded } from '../../serve/videos/video-object.ts';
import { expectedText, placeText, retryText, type Shown } from '../components/expected.ts';
import { facts } from '../components/facts.ts';
import { billedBadge, phaseBadge } from '../components/phase-badge.ts';
import { progressBar } from '../components/progress-bar.ts';
import { words } from '../components/words.ts';
import type { Html } from '../page/layout.ts';
import { failureWords } from '../texts/failures.ts';
import { inLanguage } from '../texts/in-language.ts';
import { progressTexts } from '../texts/progress.ts';
import { videoTexts } from '../texts/video.ts';
import { overviewTexts } from '../texts/videos.ts';
import type { StudioVideo } from './read-video.ts';
import { decisionPath } from './video-paths.ts';

/** Where the video is, and what holds it up. */
export function stateHtml(video: StudioVideo, shown: Shown): Html {
  const { lang } = shown;
  const texts = inLanguage(videoTexts, lang);
  const { status } = video;
  const { phase, billed, progressPercent, live } = status;
  const isAtGateway = ['queued', 'running', 'delivering'].includes(phase);
  const expected = expectedText(status, shown);
  return html`<p class="row">
      <span class="row" role="status">${phaseBadge(phase, lang)} ${billedBadge(billed, lang)}</span>
      ${expected === null ? '' : html`<span class="number">${expected}</span>`}
    </p>
    ${
      isAtGateway
        ? html`<p>
            ${progressBar(inLanguage(progressTexts, lang).progress, progressPercent ?? null)}
          </p>`
        : ''
    }
    ${live || hasEnded(status) ? '' : html`<p class="soft">${texts.noAnswer}</p>`}
    ${attention(video, shown)}`;
}

/** What a person should know or do. */
function attention(video: StudioVideo, shown: Shown): Html {
  const { lang } = shown;
  const texts = inLanguage(videoTexts, lang);
  const overview = inLanguage(overviewTexts, lang);
  const { status, videoId } = video;
  const place = placeText(status, shown);
  const retry = place ? null : retryText(status, shown);
  return html`${
    status.phase === 'unresolved'
      ? html`<div class="notice warn">
          <p>${overview.whyUnresolved}</p>
          <p><a class="button main" href="${decisionPath(videoId)}">${texts.decide}</a></p>
        </div>`
      : ''
  }
  ${status.phase === 'overdue' ? html`<p class="notice warn">${overview.whyOverdue}</p>` : ''}
  ${place ? html`<p class="notice busy">${place}</p>` : ''}
  ${retry ? html`<div class="notice busy">${retry}</div>` : ''} ${failureNotice(video, shown)}
  ${cancellationNotice(video, shown)}`;
}

function failureNotice({ status }: StudioVideo, { lang }: Shown): Html | '' {
  const { failure } = status;
  if (!failure) return '';
  const texts = inLanguage(videoTexts, lang);
  const { kind, message, gatewayMessage, requestId, gatewayCode } = failure;
  const { meaning, whatToDo } = failureWords(kind, lang);
  const said = gatewayMessage === undefined || message.includes(gatewayMessage);
  return html`<section class="notice bad" aria-labelledby="failure">
    <h2 id="failure">${texts.failure}</h2>
    <p><code>${kind}</code> · ${words(meaning)}</p>
    <p>${message}</p>
    ${facts([
      [texts.gatewaySays, said ? null : (gatewayMessage ?? null)],
      [texts.request, requestId === undefined ? null : html`<code>${requestId}</code>`],
      [texts.gatewayCode, gatewayCode === undefined ? null : html`<code>${gatewayCode}</code>`],
    ])}
    <p><strong>${texts.whatToDo}:</strong> ${words(whatToDo)}</p>
  </section>`;
}

function cancellationNotice({ status }: StudioVideo, { lang }: Shown): Html | '' {
  const { cancellation } = status;
  if (!cancellation) return '';
  const texts = inLanguage(videoTexts, lang);
  const achieved = {
    stopped_before_spend: texts.stoppedBeforeSpend,
    watching_stopped: texts.watchingStopped,
    kept: texts.kept,
  }[cancellation.outcome];
  return html`<section class="notice busy" aria-labelledby="cancellation">
    <h2 id="cancellation">${texts.cancelled}</h2>
    <p>${words(achieved)}</p>
  </section>`;
}
