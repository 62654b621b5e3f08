import { html } from 'hono/html';
import type { BatchSnapshot } from '../../client/batch/batch-client.ts';
import { readBatchPart, readBatchResults } from '../../storage/records/batch-results.ts';
import { readManifestKey } from '../../storage/records/stored-manifests.ts';
import { resultsCsv } from '../../manifest/results-text.ts';
import { batchPath, nameOfSegment } from './batch-path.ts';
import {
  batchBadge,
  batchBar,
  countList,
  endHtml,
  paceWords,
  shownPhase,
} from './batch-progress.ts';
import { rowTable, videosWithoutResult } from './batch-rows.ts';
import { createStatusReader } from './ended-status.ts';
import { createFailedRows, failedTable } from './failed-rows.ts';
import { doneNotice } from '../components/done-notice.ts';
import { facts } from '../components/facts.ts';
import { time } from '../components/time.ts';
import { csvDownload } from '../page/csv-download.ts';
import { doneOf } from '../page/done.ts';
import type { Html } from '../page/layout.ts';
import type { StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { batchTexts, doneTexts } from '../texts/batches.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';

/** A read counts and lists many runs. */
const everyMs = 10_000;

/** One batch: its progress, failures, rows and results. */
export const batchPage: AddPages = (app, { ports, livePage }) => {
  const { batches } = ports.videos;
  const failedRows = createFailedRows(ports.storage);
  const readStatus = createStatusReader(batches, ports.now);
  livePage('/batches/:name', async (context) => {
    const lang = context.get('lang');
    const status = await readStatus(nameOfSegment(context.req.param('name') ?? ''), {
      isFollowing: context.req.query('live') !== undefined,
    });
    const number = pageNumber(context.req.query('page'));
    const failed = await failedRows(status);
    return {
      title: status.name,
      section: 'batches',
      everyMs,
      isFinal: isFinal(status),
      regions: [
        { id: 'done', html: doneNotice(inLanguage(doneTexts, lang), doneOf(context, ports.now())) },
        { id: 'progress', html: progressCard(status, { nowMs: ports.now(), lang }) },
        { id: 'actions', html: actionForms(status, lang) },
        { id: 'failures', html: failedTable(failed, { status, lang }) },
        { id: 'rows', html: await rowsSection(ports, { status, number, lang }) },
      ],
    };
  });
  app.get('/batches/:name/results.csv', async (context) => {
    const { name, folder } = await batches.status(nameOfSegment(context.req.param('name')));
    const results = folder === undefined ? [] : await readBatchResults(ports.storage, folder);
    const fileName = `${name.replace(/[^\w.-]/g, '_')}-results.csv`;
    return csvDownload(context, { fileName, csv: resultsCsv(results) });
  });
};

/** Rows that are unresolved or overdue can still change when the batch has ended. */
function isFinal({ closedAt, counts }: BatchSnapshot): boolean {
  return closedAt !== undefined && counts !== undefined && counts.unresolved + counts.overdue === 0;
}

function pageNumber(text = '1'): number {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= 9_999 ? number : 1;
}

function progressCard(status: BatchSnapshot, { nowMs, lang }: { nowMs: number; lang: Lang }): Html {
  const texts = inLanguage(batchTexts, lang);
  const { startedAt, closedAt, live, failure, window, origins } = status;
  const cached = origins?.cached ?? 0;
  return html`<section class="card" aria-label="${texts.state}">
    <p class="row">${batchBadge(shownPhase(status), lang)}</p>
    ${batchBar(status, lang)} ${countList(status, lang)}
    ${facts([
      [texts.endLabel, endHtml(status, { nowMs, lang })],
      [texts.pace, closedAt === undefined ? paceWords(status, { nowMs, lang }) : null],
      [texts.window, closedAt === undefined && window !== undefined ? window : null],
      [texts.cached, cached > 0 ? cached : null],
      [texts.started, time(startedAt)],
      [texts.endedAt, closedAt === undefined ? null : time(closedAt)],
      [texts.failure, failure ? failure.message : null],
    ])}
    ${live || closedAt !== undefined ? '' : html`<p class="notice warn">${texts.notLive}</p>`}
  </section>`;
}

function actionForms(status: BatchSnapshot, lang: Lang): Html {
  const texts = inLanguage(batchTexts, lang);
  const { name, phase, closedAt, counts, retryable = 0, folder } = status;
  const isOpen = closedAt === undefined;
  const leftOver = isOpen ? 0 : (counts?.unresolved ?? 0) + (counts?.overdue ?? 0);
  const again = retryable + leftOver;
  const results = folder === undefined ? null : batchPath(name, '/results.csv');
  const known = readManifestKey(status.manifest ?? '');
  const rowsOf = known && new URLSearchParams({ from: known.name, manifest: known.digest });
  return html`<div class="row">
      ${isOpen && phase === 'paused' ? actionForm(name, 'resume', texts.resume) : ''}
      ${isOpen && phase === 'running' ? actionForm(name, 'pause', texts.pause) : ''}
      ${again > 0 ? actionForm(name, 'retry', texts.retry(again)) : ''}
      ${results === null ? '' : html`<a class="button" href="${results}" download>${texts.results}</a>`}
      ${isOpen ? html`<a class="button danger" href="${batchPath(name, '/stop')}">${texts.stop}</a>` : ''}
    </div>
    ${again > 0 ? html`<p class="soft">${texts.retryNote}</p>` : ''}
    ${
      rowsOf
        ? html`<p>
            <a href="/studio/schedules/new?${rowsOf.toString()}">${texts.schedule}</a>
          </p>`
        : ''
    }`;
}

function actionForm(name: string, action: 'pause' | 'resume' | 'retry', words: string): Html {
  return html`<form method="post" action="${batchPath(name, `/${action}`)}">
    <button>${words}</button>
  </form>`;
}

async function rowsSection(
  { storage, temporal }: StudioPorts,
  { status, number, lang }: { status: BatchSnapshot; number: number; lang: Lang },
): Promise<Html> {
  const texts = inLanguage(batchTexts, lang);
  const { folder } = status;
  const part = folder === undefined ? null : await readBatchPart(storage, { folder, number });
  const title = html`<h2>${texts.rows}</h2>`;
  if (part === null)
    return html`${title}
      <p class="soft">${texts.noRows}</p>`;
  const newest = await videosWithoutResult(temporal, part, status);
  return html`${title}${rowTable(part, { status, newest, number, lang })}`;
}
