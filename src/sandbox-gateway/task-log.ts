import { json, type Answer } from './answer.ts';
import { chooseFor } from './scenarios/choose-scenario.ts';
import { noAccess } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { familyTraits } from './vendors/families.ts';
import type { Job, Row } from './job.ts';
import { renderRow } from './render-generations.ts';
import { seconds } from './render-videos.ts';
import { currentUrl } from './result-url.ts';
import { latestTexts, rowOf, scenarioTexts, settle, type Runtime } from './runtime.ts';

/** Default and largest page size of the gateway family. */
const usualPageSize = 10;
const maxPageSize = 100;

/** Handles `GET /api/task/self`: the account's jobs, newest first, only with the personal access token. */
export function answerTaskLog(runtime: Runtime, exchange: Exchange): Answer {
  const chosen = chooseFor('search', latestTexts(runtime, exchange));
  const played = chosen?.scenario.answer?.({ variant: chosen.variant });
  if (played) return played;
  const token = exchange.headers['authorization'];
  if (token !== runtime.accessToken) return noAccess(token === undefined ? 401 : 200);
  settle(runtime);
  const query = new URLSearchParams(exchange.path.slice(exchange.pathname.length));
  const page = wholeNumber(query.get('p')) ?? 1;
  const pageSize = Math.min(wholeNumber(query.get('page_size')) ?? usualPageSize, maxPageSize);
  const rows = runtime.store.state.jobs
    .filter((job) => job.kind !== 'hidden')
    .map((job) => ({ job, row: rowOf(runtime, job) }))
    .filter((each) => matches(query, each))
    .toSorted((left, right) => right.job.rowNumber - left.job.rowNumber);
  const items = rows
    .slice((page - 1) * pageSize, page * pageSize)
    .map((each) => logRow(runtime, each));
  const data = { page, page_size: pageSize, total: rows.length, items };
  return json(200, { data, message: '', success: true });
}

interface Entry {
  job: Job;
  row: Row;
}

function matches(query: URLSearchParams, { job, row }: Entry): boolean {
  const { platform, action } = familyTraits[job.family];
  const submitted = seconds(job.submittedAt);
  const words = { task_id: job.id, status: row.status, platform, action };
  return (
    Object.entries(words).every(([name, value]) => [value, '', null].includes(query.get(name))) &&
    submitted >= (wholeNumber(query.get('start_timestamp')) ?? 0) &&
    submitted <= (wholeNumber(query.get('end_timestamp')) ?? Infinity)
  );
}

/** A row as in the status route, without the channel, which only the operator may see. */
function logRow(runtime: Runtime, { job, row }: Entry): unknown {
  const resultUrl = `${runtime.origins.gateway}/v1/videos/${encodeURIComponent(job.id)}/content`;
  // The vendor's body keeps its address, even if the row has that of the gateway's proxy.
  const direct = row.status === 'SUCCESS' ? currentUrl(runtime, job) : '';
  const urls = { url: '', videoUrl: '', resultUrl, direct };
  const chosen = chooseFor('search', scenarioTexts(runtime, job));
  const prompt = chosen?.scenario.keepsPrompt?.(chosen.variant) ? job.prompt : '';
  return { ...renderRow({ job, row, urls }, prompt), channel_id: 0 };
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : null;
}
