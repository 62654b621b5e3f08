import { html } from 'hono/html';
import type { NewestVideo } from '../../runs/newest-videos.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import { progressTexts } from '../texts/progress.ts';
import { overviewTexts } from '../texts/videos.ts';
import { elementId, shortId } from '../videos/short-id.ts';
import type { ListedStatus } from '../videos/read-list.ts';
import { decisionPath, videoPath } from '../videos/video-paths.ts';
import { expectedText, placeText, retryText, type Shown } from './expected.ts';
import { billedBadge, phaseBadge } from './phase-badge.ts';
import { failureWords } from '../texts/failures.ts';
import { progressBar } from './progress-bar.ts';
import { time } from './time.ts';
import { words } from './words.ts';

/** Safari shows the first frame only if the address names a moment. */
const firstFrame = '#t=0.001';

/** A stored video of the contact sheet: its first frame, which plays under the pointer or the focus. */
export function thumbnailCard({ row }: ListedStatus, { lang }: Shown): Html {
  const { videoId, startedAt } = row;
  return html`<li id="${elementId(videoId)}">
    <video
      data-thumbnail
      preload="metadata"
      muted
      playsinline
      loop
      tabindex="-1"
      aria-hidden="true"
      src="${videoPath(videoId, 'content')}${firstFrame}"
    ></video>
    <div class="about">
      <a href="${videoPath(videoId)}">${titleOf(row)}</a>
      <small>${aboutOf(row, lang)}${time(row.closedAt ?? startedAt)}</small>
    </div>
  </li>`;
}

/** A video that is under way. */
export function openCard({ row, status }: ListedStatus, shown: Shown): Html {
  const { lang } = shown;
  const { videoId, startedAt } = row;
  const { phase, progressPercent } = status;
  const label = `${inLanguage(progressTexts, lang).progress}: ${titleOf(row)}`;
  const isAtGateway = phase === 'queued' || phase === 'running' || phase === 'delivering';
  const place = placeText(status, shown);
  const retry = place ? null : retryText(status, shown);
  return html`<li class="card" id="${elementId(videoId)}">
    <div class="row spread">
      <a class="clamp grow" href="${videoPath(videoId)}">${titleOf(row)}</a>
      ${phaseBadge(phase, lang)}
    </div>
    ${isAtGateway ? html`<p>${progressBar(label, progressPercent ?? null)}</p>` : ''}
    <p class="row spread">
      <small>${aboutOf(row, lang)}${time(startedAt)}</small>
      <small class="number">${place ?? expectedText(status, shown) ?? ''}</small>
    </p>
    ${retry ? html`<p>${retry}</p>` : ''}
  </li>`;
}

/** A video that waits for a person, or for a gateway that is late. */
export function decisionCard({ row, status }: ListedStatus, { lang }: Shown): Html {
  const texts = inLanguage(overviewTexts, lang);
  const { videoId } = row;
  const { phase, unresolved, deadlineAt } = status;
  const isUnresolved = phase === 'unresolved';
  const since = unresolved?.since ?? deadlineAt;
  const decided = unresolved?.decided;
  return html`<li class="notice warn" id="${elementId(videoId)}">
    <div class="row spread">
      <a class="clamp grow" href="${videoPath(videoId)}">${titleOf(row)}</a>
      ${phaseBadge(phase, lang)}
    </div>
    <p>
      ${isUnresolved ? texts.whyUnresolved : texts.whyOverdue}
      ${since === undefined ? '' : html`<small>${texts.since} ${time(since)}</small>`}
    </p>
    <p class="row">
      <a class="button ${isUnresolved && !decided ? 'main' : ''}" href="${decisionPath(videoId)}"
        >${isUnresolved && !decided ? texts.decideNow : texts.look}</a
      >
      <small>${aboutOf(row, lang)}${shortId(videoId)}</small>
    </p>
  </li>`;
}

/** A video without a file. */
export function endedCard({ row, status }: ListedStatus, { lang }: Shown): Html {
  const { videoId, startedAt, closedAt } = row;
  const kind = status.failure?.kind;
  return html`<li class="card" id="${elementId(videoId)}">
    <div class="row spread">
      <a class="clamp grow" href="${videoPath(videoId)}">${titleOf(row)}</a>
      ${phaseBadge(status.phase, lang)}
    </div>
    ${kind ? html`<p>${words(failureWords(kind, lang).meaning)}</p>` : ''}
    <p class="row">
      ${billedBadge(status.billed, lang)}
      <small>${aboutOf(row, lang)}${time(closedAt ?? startedAt)}</small>
    </p>
  </li>`;
}

/** The prompt, or the id where there is none. */
function titleOf({ prompt, videoId }: NewestVideo): string {
  return prompt === null || prompt.trim() === '' ? shortId(videoId) : prompt;
}

/** `kling-v1 · 5 s · 1280x720 · `, without what is not known. */
function aboutOf({ model, seconds, size, tenant }: NewestVideo, lang: Lang): string {
  const texts = inLanguage(videoTexts, lang);
  return [model, seconds === '' ? '' : texts.seconds(seconds), size, tenant && `@${tenant}`]
    .filter((text) => text !== undefined && text !== '')
    .map((text) => `${text} · `)
    .join('');
}
