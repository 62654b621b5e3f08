import { html } from 'hono/html';
import type { BatchSnapshot } from '../../client/batch/batch-client.ts';
import type { BatchRowFailure, BatchRowResult } from '../../contract/batch.ts';
import { workflowIdPrefix } from '../../contract/task-queues.ts';
import { readBatchResults } from '../../storage/records/batch-results.ts';
import { billedBadge } from '../components/phase-badge.ts';
import { table } from '../components/table.ts';
import { words } from '../components/words.ts';
import type { Html } from '../page/layout.ts';
import type { StudioPorts } from '../ports.ts';
import { batchTexts } from '../texts/batches.ts';
import { failureWords } from '../texts/failures.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { baseName } from './batch-rows.ts';
import { videoPath } from '../videos/video-paths.ts';

const mostShown = 100;
const mostKept = 20;

/** Reads the failed rows of a batch: of an open one the newest, of an ended one the first hundred. */
export function createFailedRows(storage: StudioPorts['storage']) {
  const ended = new Map<string, Promise<BatchRowFailure[]>>();
  return async (status: BatchSnapshot): Promise<BatchRowFailure[]> => {
    const { runId, closedAt, folder, counts, failures: newest = [] } = status;
    if (closedAt === undefined || folder === undefined) return newest;
    if (counts?.failed === 0) return [];
    const reading = ended.get(runId) ?? readFailed(storage, folder);
    ended.set(runId, reading);
    const [oldest] = ended.keys();
    if (ended.size > mostKept && oldest !== undefined) ended.delete(oldest);
    reading.catch(() => ended.delete(runId));
    return reading;
  };
}

async function readFailed(
  storage: StudioPorts['storage'],
  folder: string,
): Promise<BatchRowFailure[]> {
  const results = await readBatchResults(storage, folder);
  return results.flatMap(failureOf).slice(0, mostShown);
}

function failureOf({ key, line, billed, state, failure }: BatchRowResult): BatchRowFailure[] {
  if (state !== 'failed' || !failure) return [];
  return [{ key, line, billed, kind: failure.kind, message: failure.message }];
}

/** Failed rows, each with its reason and what to do. */
export function failedTable(
  rows: readonly BatchRowFailure[],
  { status, lang }: { status: BatchSnapshot; lang: Lang },
): Html {
  const texts = inLanguage(batchTexts, lang);
  if (rows.length === 0) return html``;
  const base = baseName(status);
  const columns = [
    { title: texts.line },
    { title: texts.key },
    { title: texts.reason, isText: true as const },
    { title: texts.billed },
    { title: texts.toDo, isText: true as const },
  ];
  const cells = rows.map(({ line, key, kind, billed, message }) => [
    line,
    html`<a href="${videoPath(`${workflowIdPrefix}${base}/${key}`)}">${key}</a>`,
    html`${message}<br /><code>${kind}</code>`,
    billedBadge(billed, lang),
    words(failureWords(kind, lang).whatToDo),
  ]);
  const cutNote = status.closedAt === undefined ? texts.newestFailures : texts.firstFailures;
  const isCut = (status.counts?.failed ?? 0) > rows.length;
  return html`<h2>${texts.failures}</h2>
    ${isCut ? html`<p class="soft">${cutNote(rows.length)}</p>` : ''}
    ${table(columns, cells, { caption: texts.failuresCaption })}`;
}
