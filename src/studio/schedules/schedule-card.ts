import { html } from 'hono/html';
import type { ScheduleDetails, ScheduleSnapshot } from '../../client/batch/schedule-client.ts';
import { durationText } from '../../contract/duration-text.ts';
import { batchPath, schedulePath } from '../batches/batch-path.ts';
import { facts, type Fact } from '../components/facts.ts';
import { time } from '../components/time.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { scheduleTexts } from '../texts/schedules.ts';
import { elementId } from '../videos/short-id.ts';

const mostShown = 3;

/** A schedule in the list. */
export function scheduleCard(schedule: ScheduleSnapshot, lang: Lang): Html {
  const { name } = schedule;
  return html`<li class="card" id="${elementId(`schedule/${name}`)}">
    <div class="row spread">
      <h2><a href="${schedulePath(name)}">${name}</a></h2>
      ${stateBadge(schedule, lang)}
    </div>
    ${facts(runRows(schedule, lang))} ${scheduleActions(schedule, lang)}
  </li>`;
}

/** Whether a schedule runs: a word and a colour. */
export function stateBadge({ paused }: Pick<ScheduleSnapshot, 'paused'>, lang: Lang): Html {
  const texts = inLanguage(scheduleTexts, lang);
  return paused
    ? html`<span class="badge warn">${texts.paused}</span>`
    : html`<span class="badge good">${texts.active}</span>`;
}

/** When it runs and did run. */
export function runRows(
  schedule: ScheduleSnapshot & Partial<Pick<ScheduleDetails, 'running'>>,
  lang: Lang,
): Fact[] {
  const texts = inLanguage(scheduleTexts, lang);
  const { paused, note, next, recent, fired, skipped, missed, running = [] } = schedule;
  return [
    [texts.note, note ?? null],
    [texts.next, paused ? null : lines(next.slice(0, mostShown).map(time), texts.none)],
    [texts.running, running.length > 0 ? lines(running.map(batchLink), '') : null],
    [
      texts.recent,
      lines(
        recent
          .slice(-mostShown)
          .toReversed()
          .map(({ at, batch }) => html`<a href="${batchPath(batch)}">${time(at)}</a>`),
        texts.none,
      ),
    ],
    [texts.fired, texts.firedWords(fired, skipped, missed)],
  ];
}

/** How it treats overlaps, delays and failures. */
export function policyRows(
  { overlap, catchupMs, pauseOnFailure }: ScheduleDetails,
  lang: Lang,
): Fact[] {
  const texts = inLanguage(scheduleTexts, lang);
  // Temporal's name of the policy.
  const name = overlap.toLowerCase().replaceAll('_', '-');
  const words: Readonly<Record<string, unknown>> = texts;
  const known = words[name];
  return [
    [texts.overlap, typeof known === 'string' ? known : overlap],
    [texts.catchup, durationText(catchupMs)],
    [texts.pauses, pauseOnFailure ? texts.pausesOnFailure : null],
  ];
}

/** Actions on a schedule: those that spend or delete are confirmed on a page of their own. */
export function scheduleActions({ name, paused }: ScheduleSnapshot, lang: Lang): Html {
  const texts = inLanguage(scheduleTexts, lang);
  const action = paused ? 'resume' : 'pause';
  return html`<div class="row">
    <form method="post" action="${schedulePath(name, `/${action}`)}">
      <button aria-label="${texts[action]}: ${name}">${texts[action]}</button>
    </form>
    <a
      class="button"
      href="${schedulePath(name, '/trigger')}"
      aria-label="${texts.trigger}: ${name}"
      >${texts.trigger}</a
    >
    <a
      class="button danger"
      href="${schedulePath(name, '/delete')}"
      aria-label="${texts.delete}: ${name}"
      >${texts.delete}</a
    >
  </div>`;
}

function batchLink(name: string): Html {
  return html`<a href="${batchPath(name)}">${name}</a>`;
}

function lines(values: readonly Html[], none: string): Html | string {
  return values.length === 0 ? none : html`${values.map((value) => html`<div>${value}</div>`)}`;
}
