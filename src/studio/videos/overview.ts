import { html } from 'hono/html';
import { decisionCard, endedCard, openCard, thumbnailCard } from '../components/video-card.ts';
import type { Shown } from '../components/expected.ts';
import { time } from '../components/time.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage } from '../texts/in-language.ts';
import { overviewTexts } from '../texts/videos.ts';
import { listPath, type ListFields } from './list-filter.ts';
import { groups, type GroupName, type ListedStatus, type StatusPage } from './read-list.ts';

/** What a list shows, and where it leads. */
export interface ListView extends Shown {
  /** Filter of the list; the link to older videos has it, too. */
  fields: ListFields;
}

/** A part of the overview: its heading with the count, its videos, and a link to more. Nothing if it is empty. */
export function groupHtml(name: GroupName, page: StatusPage, view: ListView): Html {
  const texts = inLanguage(overviewTexts, view.lang);
  const { videos, before, searchedBackTo } = page;
  if (videos.length === 0 && searchedBackTo === undefined) return html``;
  const tone = name === 'decide' ? 'warn' : '';
  const count = `${videos.length}${before === undefined ? '' : '+'}`;
  const more = { ...view.fields, phase: name, ...(before !== undefined && { before }) };
  return html`<h2>${texts[name]} <span class="badge ${tone}">${count}</span></h2>
    ${listOf(name, videos, view)} ${searchEnd(page, view)}
    ${before === undefined ? '' : html`<p><a href="${listPath(more)}">${texts.older}</a></p>`}`;
}

/** One list of all phases, a page of it. */
export function listHtml(page: StatusPage, view: ListView): Html {
  const texts = inLanguage(overviewTexts, view.lang);
  const { videos, before, searchedBackTo } = page;
  const { before: isOlder, ...newest } = view.fields;
  const isEmpty = videos.length === 0 && searchedBackTo === undefined;
  return html`<h2 class="sr">${texts.found}</h2>
    ${isEmpty ? html`<p class="empty">${texts.nothingFound}</p>` : ''}
    ${runsOf(videos).map(([name, some]) => listOf(name, some, view))} ${searchEnd(page, view)}
    <nav class="row" aria-label="${texts.older}">
      ${isOlder === undefined ? '' : html`<a class="button" href="${listPath(newest)}">${texts.newest}</a>`}
      ${
        before === undefined
          ? ''
          : html`<a class="button" href="${listPath({ ...view.fields, before })}"
              >${searchedBackTo === undefined ? texts.older : texts.searchOn}</a
            >`
      }
    </nav>`;
}

/** What a new installation shows. */
export function emptyHtml(view: Shown): Html {
  const texts = inLanguage(overviewTexts, view.lang);
  return html`<div class="empty">
    <p>${texts.nothing}</p>
    <p><a class="button main" href="/studio/new">${texts.makeOne}</a></p>
  </div>`;
}

function searchEnd({ searchedBackTo }: StatusPage, { lang }: ListView): Html | '' {
  if (searchedBackTo === undefined) return '';
  const texts = inLanguage(overviewTexts, lang);
  return html`<p class="notice busy">${texts.searchedBackTo} ${time(searchedBackTo)}</p>`;
}

/** Neighbours that are shown in the same way, so that the order of time stays. */
function runsOf(videos: readonly ListedStatus[]): [GroupName, ListedStatus[]][] {
  const runs: [GroupName, ListedStatus[]][] = [];
  for (const video of videos) {
    const name = groupOf(video);
    const last = runs.at(-1);
    if (last?.[0] === name) last[1].push(video);
    else runs.push([name, [video]]);
  }
  return runs;
}

function groupOf({ row: { phase } }: ListedStatus): GroupName {
  const found = Object.entries(groups).find(([, phases]) =>
    (phases as readonly string[]).includes(phase),
  );
  return (found?.[0] ?? 'open') as GroupName;
}

function listOf(name: GroupName, videos: readonly ListedStatus[], view: ListView): Html {
  switch (name) {
    case 'decide':
      return html`<ul class="stack">
        ${videos.map((video) => decisionCard(video, view))}
      </ul>`;
    case 'open':
      return html`<ul class="stack">
        ${videos.map((video) => openCard(video, view))}
      </ul>`;
    case 'stored':
      return html`<ul class="sheet">
        ${videos.map((video) => thumbnailCard(video, view))}
      </ul>`;
    case 'ended':
      return html`<ul class="stack">
        ${videos.map((video) => endedCard(video, view))}
      </ul>`;
  }
}
