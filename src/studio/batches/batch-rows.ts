import type { Client } from '@temporalio/client';
import { html } from 'hono/html';
import pLimit from 'p-limit';
import type { BatchSnapshot } from '../../client/batch/batch-client.ts';
import type { BatchRowResult, PartitionRow } from '../../contract/batch.ts';
import type { VideoPhase } from '../../contract/messages.ts';
import { workflowIdPrefix, workflowTypes } from '../../contract/task-queues.ts';
import { quoted } from '../../runs/quoted.ts';
import { fromIndex } from '../../runs/run-index.ts';
import type { BatchPart } from '../../storage/records/batch-results.ts';
import { phaseBadge } from '../components/phase-badge.ts';
import { table } from '../components/table.ts';
import type { Html } from '../page/layout.ts';
import { batchTexts } from '../texts/batches.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { videoPath } from '../videos/video-paths.ts';
import { batchPath } from './batch-path.ts';

/** Ids in one query of the index. */
const idsPerQuery = 100;
const queriesAtOnce = 3;

/**
 * The phases of the videos of rows that have no result yet, by video id: those that are under way, and those that have
 * ended meanwhile. The index lags by about a second. A video that is not in it has not started.
 */
export async function videosWithoutResult(
  temporal: Client,
  { rows, results }: BatchPart,
  status: BatchSnapshot,
): Promise<Map<string, VideoPhase>> {
  const newest = new Map<string, VideoPhase>();
  if (status.closedAt !== undefined) return newest;
  const ended = new Set(results.map(({ key }) => key));
  const ids = rows.filter(({ key }) => !ended.has(key)).map(({ key }) => videoIdOf(key, status));
  const limit = pLimit(queriesAtOnce);
  const chunks = Array.from({ length: Math.ceil(ids.length / idsPerQuery) }, (_, nth) =>
    ids.slice(nth * idsPerQuery, (nth + 1) * idsPerQuery),
  );
  const list = async (chunk: readonly string[]) => {
    const names = chunk.map(quoted).join(', ');
    const query = `WorkflowId IN (${names}) AND WorkflowType = ${quoted(workflowTypes.generate)}`;
    for await (const info of temporal.workflow.list({ query })) {
      const { videoId, phase } = fromIndex(info);
      if (!newest.has(videoId)) newest.set(videoId, phase);
    }
  };
  await Promise.all(chunks.map((chunk) => limit(list, chunk)));
  return newest;
}

function videoIdOf(key: string, status: BatchSnapshot): string {
  return `${workflowIdPrefix}${baseName(status)}/${key}`;
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
    newest,
    number,
    lang,
  }: {
    status: BatchSnapshot;
    newest: ReadonlyMap<string, VideoPhase>;
    number: number;
    lang: Lang;
  },
): Html {
  const texts = inLanguage(batchTexts, lang);
  const byKey = new Map(results.map((result) => [result.key, result]));
  const toStart = (status.counts?.joined ?? 0) > 0 ? texts.toStartOrJoined : texts.toStart;
  const columns = [
    { title: texts.line },
    { title: texts.key },
    { title: texts.state },
    { title: texts.prompt, isText: true as const },
  ];
  const cells = rows.map((row) => {
    const result = byKey.get(row.key);
    const videoId = result?.videoId ?? videoIdOf(row.key, status);
    const phase = result?.state ?? newest.get(videoId);
    const link = phase && html`<a href="${videoPath(videoId)}">${row.key}</a>`;
    return [
      row.line,
      link ?? row.key,
      stateHtml({ phase, result, toStart }, lang),
      promptHtml(row),
    ];
  });
  const [first, last] = [rows[0]?.line ?? 0, rows.at(-1)?.line ?? 0];
  return html`${table(columns, cells, { caption: texts.linesOf(first, last) })}
  ${pager({ name: status.name, number, isLast }, lang)}`;
}

function promptHtml({ request }: PartitionRow): Html {
  return html`<span class="clamp">${request.body.prompt ?? ''}</span>`;
}

function stateHtml(
  {
    phase,
    result,
    toStart,
  }: { phase: VideoPhase | undefined; result: BatchRowResult | undefined; toStart: string },
  lang: Lang,
): Html {
  if (phase === undefined) return html`<span class="soft">${toStart}</span>`;
  const { failure } = result ?? {};
  return html`${phaseBadge(phase, lang)}${
    failure ? html`<br /><small>${failure.message}</small>` : ''
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
