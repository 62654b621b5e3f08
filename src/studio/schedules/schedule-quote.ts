import { html } from 'hono/html';
import type { BatchRow } from '../../contract/batch.ts';
import { datePlaceholder } from '../../manifest/rows/expand-date.ts';
import { facts } from '../components/facts.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { scheduleTexts } from '../texts/schedules.ts';
import type { ScheduleFields } from './schedule-fields.ts';

const mostShown = 3;

/** What a person should know before a schedule is created, apart from what a run costs. */
export function scheduleNotes(
  { name, outlook }: Pick<ScheduleFields, 'name' | 'outlook'>,
  { rows, replaces, lang }: { rows: readonly BatchRow[]; replaces: boolean; lang: Lang },
): Html | '' {
  const texts = inLanguage(scheduleTexts, lang);
  const same = rows.filter(({ key }) => !key.includes(datePlaceholder)).length;
  const { missed = [], safeCron } = outlook ?? {};
  const rest = missed.length - mostShown;
  const times = [...missed.slice(0, mostShown), ...(rest > 0 ? [`+${rest}`] : [])].join(', ');
  const notes = [
    ...(replaces ? [texts.replaces(name)] : []),
    ...(same > 0 ? [texts.sameKeys(same, rows.length)] : []),
    ...(missed.length > 0 ? [texts.missed(times)] : []),
    ...(safeCron === undefined ? [] : [texts.safeCron(safeCron)]),
  ];
  if (notes.length === 0) return '';
  return html`<div class="notice warn">${notes.map((note) => html`<p>${note}</p>`)}</div>`;
}

/** When a schedule runs. */
export function whenFacts(
  { schedule }: Pick<ScheduleFields, 'schedule'>,
  { every, lang }: { every: string; lang: Lang },
): Html {
  const texts = inLanguage(scheduleTexts, lang);
  const { when, overlap = 'skip', pauseOnFailure } = schedule;
  return facts([
    [texts.when, 'cron' in when ? html`<code>${when.cron}</code>` : texts.everyWords(every)],
    [texts.overlap, texts[overlap]],
    [texts.pauses, pauseOnFailure ? texts.pausesOnFailure : null],
  ]);
}
