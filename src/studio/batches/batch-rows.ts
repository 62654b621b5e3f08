import type { Client } from '@temporalio/client';
import { html } from 'hono/html';
import type { BatchSnapshot } from '../../client/batch/batch-client.ts';
import type { BatchRowResult, PartitionRow } from '../../contract/batch.ts';
import { failures } from '../../contract/failure.ts';
import type { VideoPhase } from '../../contract/messages.ts';
import { workflowIdPrefix, workflowTypes } from '../../contract/task-queues.ts';
import { fromIndex } from '../../runs/run-index.ts';
import type { BatchPart } from '../../storage/records/batch-results.ts';
import { phaseBadge } from '../components/phase-badge.ts';
import { table } from '../components/table.ts';
import type { Html } from '../page/layout.ts';
import { batchTexts } from '../texts/batches.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { batchPath, videoPath } from './batch-path.ts';

/** More are not under way at once by default; a page shows few rows anyway. */
const mostOpen = 500;

/** The phases of the videos that a batch has under way, by video id. The index lags by about a second. */
export async function openVideos(
  temporal: Client,
  { batchId, closedAt }: Pick<BatchSnapshot, 'batchId' | 'closedAt'>,
): Promise<Map<string, VideoPhase>> {
  const open = new Map<string, VideoPhase>();
  if (closedAt !== undefined || batchId.includes("'")) return open;
  const query = `RootWorkflowId = '${batchId}' AND WorkflowType = '${workflowTypes.generate}' AND ExecutionStatus = 'Running'`;
  for await (const info of temporal.workflow.list({ query })) {
    const { videoId, phase } = fromIndex(info);
    open.set(videoId, phase);
    if (open.size >= mostOpen) break;
  }
  return open;
}

/** Name in the ids of the videos of a batch: without the time that a schedule appends to the name of a firing. */
export function baseName({ name, folder = '' }: Pick<BatchSnapshot, 'name' | 'folder'>): string {
  return /^batches\/([^/]+)\//.exec(folder)?.[1] ?? name;
}

/** The rows of a part of a batch, each with its video. */
export function rowTable(
  { rows, results, isLast }: BatchPart,
  {
    status,
    open,
    number,
    lang,
  }: {
    status: BatchSnapshot;
    open: ReadonlyMap<string, VideoPhase>;
    number: number;
    lang: Lang;
  },
): Html {
  const texts = inLanguage(batchTexts, lang);
  const byKey = new Map(results.map((result) => [result.key, result]));
  const base = baseName(status);
  const columns = [
    { title: texts.line },
    { title: texts.key },
    { title: texts.state },
    { title: texts.prompt },
  ];
  const cells = rows.map((row) => {
    const result = byKey.get(row.key);
    const videoId = result?.videoId ?? `${workflowIdPrefix}${base}/${row.key}`;
    const phase = result?.state ?? open.get(videoId);
    const link = phase && html`<a href="${videoPath(videoId)}">${row.key}</a>`;
    return [row.line, link ?? row.key, stateHtml({ phase, result }, lang), promptHtml(row)];
  });
  const [first, last] = [rows[0]?.line ?? 0, rows.at(-1)?.line ?? 0];
  return html`${table(columns, cells, { caption: texts.linesOf(first, last) })}
  ${pager({ name: status.name, number, isLast }, lang)}`;
}

function promptHtml({ request }: PartitionRow): Html {
  return html`<span class="clamp">${request.body.prompt ?? ''}</span>`;
}

function stateHtml(
  { phase, result }: { phase: VideoPhase | undefined; result: BatchRowResult | undefined },
  lang: Lang,
): Html {
  const { toStart } = inLanguage(batchTexts, lang);
  if (phase === undefined) return html`<span class="soft">${toStart}</span>`;
  const { failure } = result ?? {};
  return html`${phaseBadge(phase, lang)}${
    failure ? html`<br /><small>${failure.message} ${failures[failure.kind].whatToDo}</small>` : ''
  }`;
}

function pager(
  { name, number, isLast }: { name: string; number: number; isLast: boolean },
  lang: Lang,
): Html | '' {
  if (number === 1 && isLast) return '';
  const texts = inLanguage(batchTexts, lang);
  const link = (to: number, words: string) =>
    html`<a class="button" href="${batchPath(name, `?page=${to}`)}">${words}</a>`;
  return html`<nav class="row" aria-label="${texts.pages}">
    ${number > 1 ? link(number - 1, texts.previous) : ''}
    ${isLast ? '' : link(number + 1, texts.next)}
  </nav>`;
}
