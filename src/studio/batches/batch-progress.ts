import { html } from 'hono/html';
import type { BatchSnapshot, ListedBatch } from '../../client/batch/batch-client.ts';
import { finished } from '../../contract/batch-counts.ts';
import type { BatchCounts } from '../../contract/batch.ts';
import { progressBar } from '../components/progress-bar.ts';
import { time } from '../components/time.ts';
import type { Html } from '../page/layout.ts';
import { batchPhaseTexts, batchTexts, countTexts, endUnknownTexts } from '../texts/batches.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { phaseTexts } from '../texts/phases.ts';

const tones: Readonly<Record<BatchSnapshot['phase'] | ListedBatch['phase'], string>> = {
  preparing: 'busy',
  running: 'busy',
  paused: 'warn',
  keeping: 'warn',
  done: 'good',
  failed: 'bad',
  cancelled: 'calm',
};

/** The phase for people: a batch is not done well if it has failed, or if all of its rows have. */
export function shownPhase({ phase, failure, counts, rows }: BatchSnapshot): keyof typeof tones {
  const allFailed = rows !== undefined && rows > 0 && counts?.failed === rows;
  return phase === 'done' && (failure || allFailed) ? 'failed' : phase;
}

/** The phase of a batch: a word and a colour. */
export function batchBadge(phase: keyof typeof tones, lang: Lang): Html {
  return html`<span class="badge ${tones[phase]}"
    >${inLanguage(batchPhaseTexts, lang)[phase]}</span
  >`;
}

/** A bar of the rows that have ended, with their number. */
export function batchBar({ rows, counts }: BatchSnapshot, lang: Lang): Html {
  const texts = inLanguage(batchTexts, lang);
  if (rows === undefined || !counts)
    return html`<p>${progressBar(texts.preparing, null)} ${texts.preparing}</p>`;
  const done = finished(counts);
  const label = texts.progress(done, rows);
  const percent = rows === 0 ? 0 : Math.floor((done / rows) * 100);
  return html`<p>${progressBar(label, percent)} <span>${label}</span></p>`;
}

const countTones: Readonly<Partial<Record<keyof BatchCounts, string>>> = {
  stored: 'good',
  failed: 'bad',
  overdue: 'warn',
  unresolved: 'warn',
  running: 'busy',
};

/**
 * Numbers of rows by state, without zeros. Rows in progress are split by the phase of their video, if the index knows it.
 */
export function countList({ counts, videos = {} }: BatchSnapshot, lang: Lang): Html | '' {
  if (!counts) return '';
  const names = inLanguage(countTexts, lang);
  const phases = inLanguage(phaseTexts, lang);
  const making = (Object.keys(videos) as (keyof typeof videos)[])
    .filter((phase) => phase !== 'unresolved' && phase !== 'overdue')
    .map((phase) => ({ tone: 'busy', text: `${phases[phase]} ${videos[phase]}` }));
  const rows = (Object.keys(counts) as (keyof BatchCounts)[])
    .filter((name) => counts[name] > 0)
    .flatMap((name) =>
      name === 'running' && making.length > 0
        ? making
        : [{ tone: countTones[name] ?? 'calm', text: `${names[name]} ${counts[name]}` }],
    );
  return html`<ul class="row">
    ${rows.map(({ tone, text }) => html`<li class="badge ${tone}">${text}</li>`)}
  </ul>`;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** When a batch is expected to end, or why that is not known; null if nothing is left to wait for. */
export function endHtml(
  { expectedEnd, endUnknown }: BatchSnapshot,
  { nowMs, lang }: { nowMs: number; lang: Lang },
): Html | string | null {
  if (endUnknown !== undefined) return inLanguage(endUnknownTexts, lang)[endUnknown];
  if (expectedEnd === undefined) return null;
  const texts = inLanguage(batchTexts, lang);
  const leftMs = Date.parse(expectedEnd) - nowMs;
  if (leftMs < 10_000) return texts.soon;
  const minutes = Math.ceil(leftMs / minuteMs);
  const words =
    leftMs < 2 * hourMs
      ? texts.minutes(minutes)
      : texts.hours(Math.floor(minutes / 60), minutes % 60);
  return html`${words}, ${time(`${expectedEnd.slice(0, 16)}:00Z`)}`;
}

/** Rows that have ended per minute or hour since the start; null if that says nothing. */
export function paceWords(
  { counts, startedAt, closedAt }: BatchSnapshot,
  { nowMs, lang }: { nowMs: number; lang: Lang },
): string | null {
  const done = counts ? finished(counts) : 0;
  const tookMs = (closedAt === undefined ? nowMs : Date.parse(closedAt)) - Date.parse(startedAt);
  if (done === 0 || tookMs <= 0) return null;
  const texts = inLanguage(batchTexts, lang);
  const perMinute = (done * minuteMs) / tookMs;
  const shown = (rate: number) => rate.toFixed(rate < 10 ? 1 : 0);
  return perMinute >= 1 ? texts.perMinute(shown(perMinute)) : texts.perHour(shown(perMinute * 60));
}
