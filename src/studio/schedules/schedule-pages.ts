import { html } from 'hono/html';
import type { Context } from 'hono';
import { nameOfSegment } from '../batches/batch-path.ts';
import type { ScheduleDetails } from '../../client/batch/schedule-client.ts';
import { optionRows } from '../batches/option-facts.ts';
import { doneNotice } from '../components/done-notice.ts';
import { facts } from '../components/facts.ts';
import { doneOf } from '../page/done.ts';
import type { Html } from '../page/layout.ts';
import type { StudioEnv } from '../ports.ts';
import { policyRows, runRows, scheduleActions, scheduleCard, stateBadge } from './schedule-card.ts';
import type { AddPages } from '../studio-app.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { scheduleDoneTexts, scheduleTexts } from '../texts/schedules.ts';

/** The list of schedules, and the page of each. */
export const schedulePages: AddPages = (_app, { ports, livePage }) => {
  const { schedules } = ports.videos;
  livePage('/schedules', async (context) => {
    const lang = context.get('lang');
    const texts = inLanguage(scheduleTexts, lang);
    const all = await schedules.list();
    return {
      title: texts.title,
      section: 'schedules',
      regions: [
        { id: 'done', html: noticeOf(context, ports.now()) },
        {
          id: 'new',
          html: html`<p>
            <a class="button main" href="/studio/schedules/new">${texts.newSchedule}</a>
          </p>`,
        },
        {
          id: 'schedules',
          html:
            all.length === 0
              ? html`<p class="empty">${texts.empty}</p>`
              : html`<ul class="stack" id="all-schedules">
                  ${all.map((schedule) => scheduleCard(schedule, lang))}
                </ul>`,
        },
      ],
    };
  });
  livePage('/schedules/:name', async (context) => {
    const lang = context.get('lang');
    const found = await schedules.show(nameOfSegment(context.req.param('name') ?? ''));
    return {
      title: found.name,
      section: 'schedules',
      regions: [
        { id: 'done', html: noticeOf(context, ports.now()) },
        {
          id: 'state',
          html: stateCard(found, lang),
        },
        { id: 'actions', html: scheduleActions(found, lang) },
      ],
    };
  });
};

function stateCard(found: ScheduleDetails, lang: Lang): Html {
  const rows = [
    ...runRows(found, lang),
    ...policyRows(found, lang),
    ...(found.batch ? optionRows(found.batch, lang) : []),
  ];
  return html`<section class="card" aria-label="${found.name}">
    <p>${stateBadge(found, lang)}</p>
    ${facts(rows)}
  </section>`;
}

function noticeOf(context: Context<StudioEnv>, nowMs: number): Html {
  const texts = inLanguage(scheduleDoneTexts, context.get('lang'));
  return doneNotice(texts, doneOf(context, nowMs));
}
