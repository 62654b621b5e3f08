import { html } from 'hono/html';
import type { VideoSnapshot } from '../../client/video-client.ts';
import type { UnresolvedSubmit } from '../../contract/messages.ts';
import type { Shown } from '../components/expected.ts';
import { phaseBadge } from '../components/phase-badge.ts';
import { facts } from '../components/facts.ts';
import { exactTime } from '../components/time.ts';
import { words } from '../components/words.ts';
import type { Html } from '../page/layout.ts';
import { decisionTexts } from '../texts/decisions.ts';
import { failureWords } from '../texts/failures.ts';
import { inLanguage } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import type { StudioVideo } from './read-video.ts';
import { videoPath } from './video-paths.ts';

/** What is known of the submit that has to be decided; or what was decided, and what the video is now. */
export function decisionState(video: StudioVideo, shown: Shown): Html {
  const { lang } = shown;
  const texts = inLanguage(decisionTexts, lang);
  const { status, videoId, request, memo } = video;
  const prompt = request?.body.prompt ?? memo.prompt;
  return html`${prompt === null ? '' : html`<p class="prompt">${prompt}</p>`}
    ${status.phase === 'unresolved' ? unresolvedHtml(status, shown) : endedHtml(status, shown)}
    <p><a href="${videoPath(videoId)}">${texts.toVideo}</a></p>`;
}

function unresolvedHtml({ unresolved }: VideoSnapshot, { lang }: Shown): Html {
  const texts = inLanguage(decisionTexts, lang);
  if (!unresolved) return html`<p class="notice warn">${texts.noCandidatesKnown}</p>`;
  const { decided } = unresolved;
  return html`${decided ? decidedHtml(decided, { lang }) : ''} ${submitHtml(unresolved, { lang })}`;
}

function decidedHtml(
  decided: NonNullable<UnresolvedSubmit['decided']>,
  { lang }: Pick<Shown, 'lang'>,
): Html {
  const texts = inLanguage(decisionTexts, lang);
  const title = {
    adopt: texts.decidedAdopt,
    resubmit: texts.decidedResubmit,
    abandon: texts.decidedAbandon,
  }[decided];
  return html`<div class="notice good" role="status">
    <p><strong>${title}</strong> ${texts.takesEffect}</p>
  </div>`;
}

function submitHtml(
  { failure, since, until, findings }: UnresolvedSubmit,
  { lang }: Pick<Shown, 'lang'>,
): Html {
  const texts = inLanguage(decisionTexts, lang);
  const video = inLanguage(videoTexts, lang);
  const { message, gatewayMessage, requestId } = failure;
  const said = gatewayMessage === undefined || message.includes(gatewayMessage);
  return html`<section class="card" aria-labelledby="what">
    <h2 id="what">${texts.what}</h2>
    <p>${words(failureWords(failure.kind, lang).meaning)}</p>
    <p>${message}</p>
    ${facts([
      [texts.sentBetween, html`${exactTime(since)} ${texts.and} ${exactTime(until)}`],
      [video.gatewaySays, said ? null : (gatewayMessage ?? null)],
      [video.request, requestId === undefined ? null : html`<code>${requestId}</code>`],
    ])}
    <h3>${texts.findings}</h3>
    ${
      findings.length === 0
        ? html`<p class="soft">${texts.noFindings}</p>`
        : html`<ul>
            ${findings.map((finding) => html`<li>${finding}</li>`)}
          </ul>`
    }
  </section>`;
}

/** Also for a video that was never unresolved, e.g. an overdue one. */
function endedHtml({ phase, jobId }: VideoSnapshot, { lang }: Shown): Html {
  const texts = inLanguage(decisionTexts, lang);
  return html`<div class="notice ${phase === 'overdue' ? 'warn' : 'good'}" role="status">
    <p>${phase === 'overdue' ? texts.overdueIntro : texts.nothingToDecide}</p>
    <p>
      ${texts.isNow} ${phaseBadge(phase, lang)}
      ${jobId === undefined ? '' : html`<code>${jobId}</code>`}
    </p>
  </div>`;
}
