import { html } from 'hono/html';
import { createBatchList, type SeenBatch } from './batch-list.ts';
import { batchPath } from './batch-path.ts';
import { batchBadge, batchBar, countList, endHtml, shownPhase } from './batch-progress.ts';
import { table } from '../components/table.ts';
import { time } from '../components/time.ts';
import type { Html } from '../page/layout.ts';
import type { AddPages } from '../studio-app.ts';
import { batchTexts } from '../texts/batches.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';

/** A read asks each running batch for its state. */
const everyMs = 10_000;

/** The list of batches, running ones first. */
export const batchListPage: AddPages = (_app, { ports, livePage }) => {
  const list = createBatchList(ports.videos.batches);
  livePage('/batches', async (context) => {
    const lang = context.get('lang');
    const texts = inLanguage(batchTexts, lang);
    const batches = await list();
    const running = batches.filter(({ closedAt }) => closedAt === undefined);
    const ended = batches.filter(({ closedAt }) => closedAt !== undefined);
    const isEmpty = batches.length === 0;
    return {
      title: texts.title,
      section: 'batches',
      everyMs,
      regions: [
        {
          id: 'new',
          html: html`<p>
            <a class="button main" href="/studio/batches/new">${texts.newBatch}</a>
          </p>`,
        },
        {
          id: 'running',
          html: isEmpty
            ? emptyNote(texts.empty)
            : runningList(running, { nowMs: ports.now(), lang }),
        },
        { id: 'ended', html: ended.length === 0 ? html`` : endedTable(ended, lang) },
      ],
    };
  });
};

function emptyNote(text: string): Html {
  return html`<p class="empty">${text}</p>`;
}

function runningList(
  batches: readonly SeenBatch[],
  { nowMs, lang }: { nowMs: number; lang: Lang },
): Html {
  const texts = inLanguage(batchTexts, lang);
  if (batches.length === 0) return html`<p class="soft">${texts.noneRunning}</p>`;
  return html`<ul class="stack" id="running-batches">
    ${batches.map((batch) => runningCard(batch, { nowMs, lang }))}
  </ul>`;
}

function runningCard(
  { name, runId, status }: SeenBatch,
  { nowMs, lang }: { nowMs: number; lang: Lang },
) {
  const texts = inLanguage(batchTexts, lang);
  const end = status && endHtml(status, { nowMs, lang });
  return html`<li class="card" id="run-${runId}">
    <div class="row spread">
      <h2><a href="${batchPath(name)}">${name}</a></h2>
      ${batchBadge(status?.phase ?? 'running', lang)}
    </div>
    ${status ? batchBar(status, lang) : ''} ${status ? countList(status, lang) : ''}
    ${end === null ? '' : html`<p class="soft">${texts.endLabel}: ${end}</p>`}
  </li>`;
}

function endedTable(batches: readonly SeenBatch[], lang: Lang): Html {
  const texts = inLanguage(batchTexts, lang);
  const columns = [
    { title: texts.name },
    { title: texts.state },
    { title: texts.stored, isNumber: true as const },
    { title: texts.failed, isNumber: true as const },
    { title: texts.endedAt },
  ];
  const rows = batches.map(({ name, phase, status, closedAt = '' }) => [
    html`<a href="${batchPath(name)}">${name}</a>`,
    batchBadge(status ? shownPhase(status) : phase, lang),
    status?.counts ? `${status.counts.stored} / ${status.rows ?? 0}` : '',
    status?.counts?.failed ?? '',
    time(closedAt),
  ]);
  return table(columns, rows, { caption: texts.ended });
}
