import { html } from 'hono/html';
import type { AdmissionStatus } from '../../contract/admission.ts';
import { nothingSpent } from '../../contract/admission-scopes.ts';
import { meter } from '../components/charts.ts';
import { doneNotice } from '../components/done-notice.ts';
import { facts } from '../components/facts.ts';
import { table } from '../components/table.ts';
import { time } from '../components/time.ts';
import { doneOf } from '../page/done.ts';
import type { Html } from '../page/layout.ts';
import type { AddPages } from '../studio-app.ts';
import { capsTexts } from '../texts/caps.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { capsTable } from './caps-table.ts';
import { createAdmissionReader, type ReadAdmission } from './read-admissions.ts';
import { costText } from './spend-words.ts';
import { spendViews } from './spend-views.ts';

/** All are in `onetake limits --json`. */
const shownVideos = 20;

/** Slots and caps of each gateway account. */
export const capsPages: AddPages = (_app, { ports, livePage }) => {
  const read = createAdmissionReader(ports);
  livePage('/spend/caps', async (context) => {
    const lang = context.get('lang');
    const texts = inLanguage(capsTexts, lang);
    const admissions = await read('all');
    const notice = doneNotice({ saved: texts.saved }, doneOf(context, ports.now()));
    return {
      title: texts.title,
      section: 'spend',
      regions: [
        { id: 'views', html: html`${spendViews('caps', lang)}${notice}` },
        {
          id: 'accounts',
          html:
            admissions.length === 0
              ? html`<p class="empty">${texts.noAccount}</p>`
              : admissions.map((admission) => accountOf(admission, { lang, nowMs: ports.now() })),
        },
      ],
    };
  });
};

/** Address of the form that changes the limits of an account. */
export function changePath(account: string, tag?: string): string {
  const query = new URLSearchParams({ account, ...(tag !== undefined && { tag }) });
  return `/studio/spend/caps/change?${String(query)}`;
}

function accountOf(
  { id, status, problem }: ReadAdmission,
  { lang, nowMs }: { lang: Lang; nowMs: number },
): Html {
  const texts = inLanguage(capsTexts, lang);
  const body =
    status === null
      ? html`<p class="notice warn">${problem === null ? texts.ended : texts.notRead(problem)}</p>`
      : statusOf(status, { id, lang, nowMs });
  return html`<section class="card">
    <h2>${texts.account}</h2>
    <p class="soft"><code>${id}</code></p>
    ${body}
  </section>`;
}

function statusOf(
  status: AdmissionStatus,
  { id, lang, nowMs }: { id: string; lang: Lang; nowMs: number },
): Html {
  const texts = inLanguage(capsTexts, lang);
  const { limits, inFlight, called = 0, reserved, waiting, spent, outages = [] } = status;
  const used = inFlight.length + called;
  const slots = texts.slotsUsed(used, limits.jobs);
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const today = spent[`day/${day}`] ?? nothingSpent;
  return html`${facts([
      [texts.slots, html`${slots} ${meter(slots, { used, most: limits.jobs })}`],
      [texts.waiting, texts.waitingWords(waiting.interactive, waiting.batch)],
      ...outages.map(
        ({ model, failures }) => [texts.outage, texts.outageWords(model, failures)] as const,
      ),
      [texts.held, reserved.length === 0 ? null : texts.heldWords(reserved.length)],
      [texts.today, `${texts.units('videos', String(today.videos))} · ${costText(today, lang)}`],
    ])}
    <h3>${texts.caps}</h3>
    ${capsTable(status, { day, lang })}
    <p class="row">
      <a class="button" href="${changePath(id)}">${texts.change}</a>
      ${Object.keys(limits.perTag ?? {}).map(
        (tag) => html`<a class="button" href="${changePath(id, tag)}">${texts.changeTag(tag)}</a>`,
      )}
      <a class="button" href="${changePath(id, '')}">${texts.newTag}</a>
    </p>
    ${inFlightOf(status, lang)}`;
}

function inFlightOf({ inFlight }: AdmissionStatus, lang: Lang): Html | string {
  if (inFlight.length === 0) return '';
  const texts = inLanguage(capsTexts, lang);
  const more = inFlight.length - shownVideos;
  return html` ${table(
    [texts.video, texts.model, texts.since, texts.tags].map((title) => ({ title })),
    inFlight
      .slice(0, shownVideos)
      .map(({ videoId, model, since, tags }) => [
        html`<a href="/studio/videos/${encodeURIComponent(videoId)}">${videoId}</a>`,
        model,
        time(since),
        tags.join(', '),
      ]),
    { caption: texts.inFlight },
  )}
  ${more > 0 ? html`<p class="soft">${texts.more(more)}</p>` : ''}`;
}
