import { empty, json, type Answer } from './answer.ts';
import { chooseFor } from './scenarios/choose-scenario.ts';
import type { CreateRequest } from './create-request.ts';
import { noAccess } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { latestTexts, type Runtime } from './runtime.ts';
import type { LogEntry } from './scenarios/scenario.ts';
import { seconds } from './render-videos.ts';

/** The newest rows of a key, as of the gateway family. */
const mostRows = 1_000;
const mostRowsOfPage = 100;

/** Limit that the log shares with the balance of the API key. */
const limiter = { calls: 20, windowMs: 20 * 60_000 };

/** Types of rows, as of the gateway family. */
const typeOf = { charge: 2, error: 5, refund: 6 } as const;

/** A row as the run keeps it. */
export interface LoggedRow extends LogEntry {
  at: number;
  model: string;
  /** Visible from this gateway time on, in milliseconds. */
  lagMs: number;
}

/** The job of a create. */
export interface PaidCreate {
  jobId: string;
  price: number;
}

/** Rows of a create in the log, by its scenario. Without one the log is off. */
export function logCreate(
  runtime: Runtime,
  created: {
    exchange: Exchange;
    request: CreateRequest;
    texts: string[];
    answer: Answer;
    paid: PaidCreate | null;
  },
): void {
  const { exchange, request, texts, answer, paid } = created;
  const chosen = chooseFor('log', texts);
  if (chosen === null) return;
  const { scenario, variant, value } = chosen;
  const { requestId, at } = exchange;
  const charge: LogEntry[] =
    paid && !isUnsettled(answer) ? [{ type: 'charge', requestId, quota: paid.price }] : [];
  const error: LogEntry[] = isFault(answer) ? [{ type: 'error', requestId, quota: 0 }] : [];
  const plan = scenario.rows({ requestId, charge, error, paid, variant, value });
  const { rows, lagMs = 0 } = plan;
  const logged = rows.map((row) => ({ ...row, at, model: request.model, lagMs }));
  runtime.store.state.requestLog.push(...logged);
}

function isFault(answer: Answer): boolean {
  return answer.kind === 'transfer' && answer.status >= 400;
}

/** The job runs and is charged, without a row. */
function isUnsettled(answer: Answer): boolean {
  return answer.kind === 'transfer' && answer.body.includes('task_billing_settlement_failed');
}

/** Handles `GET /api/log/token`: the rows of the API key, newest first. */
export function answerKeyLog(runtime: Runtime, exchange: Exchange): Answer {
  const rows = shownRows(runtime).toReversed().slice(0, mostRows);
  return json(200, { data: rows.map((row) => render(exchange, row)), message: '', success: true });
}

/** Handles `GET /api/log/self`: the rows of the account, only with the personal access token. */
export function answerOwnLog(runtime: Runtime, exchange: Exchange): Answer {
  const token = exchange.headers['authorization'];
  if (token !== runtime.accessToken) return noAccess(token === undefined ? 401 : 200);
  const query = new URLSearchParams(exchange.path.slice(exchange.pathname.length));
  const requestId = query.get('request_id') ?? '';
  const page = Math.max(1, Number(query.get('p') ?? 1) || 1);
  const size = Math.min(Number(query.get('page_size') ?? 10) || 10, mostRowsOfPage);
  const all = shownRows(runtime)
    .toReversed()
    .filter((row) => requestId === '' || row.requestId === requestId)
    .filter(({ type }) => [null, String(typeOf[type])].includes(query.get('type')))
    .filter(({ at }) => seconds(at) >= Number(query.get('start_timestamp') ?? 0));
  const items = all.slice((page - 1) * size, page * size).map((row) => render(exchange, row));
  return json(200, {
    data: { page, page_size: size, total: all.length, items },
    message: '',
    success: true,
  });
}

/** Limiter of the routes about the API key itself: an empty 429 if it is used up. */
export function limitKeyRoutes(runtime: Runtime, exchange: Exchange): Answer | null {
  const { clock, store } = runtime;
  const chosen = chooseFor('log', latestTexts(runtime, exchange));
  const calls = store.state.keyCalls.filter((at) => clock.since(at) < limiter.windowMs);
  store.state.keyCalls = calls;
  const isOver = calls.length >= limiter.calls || chosen?.scenario.limited(chosen.variant);
  if (isOver === true) return empty(429, { 'Retry-After': String(limiter.windowMs / 1_000) });
  calls.push(exchange.at);
  return null;
}

function shownRows({ store: { state }, clock }: Runtime): LoggedRow[] {
  return state.requestLog.filter(({ at, lagMs }) => clock.since(at) >= lagMs);
}

function render(
  { pathname }: Exchange,
  { at, model, type, requestId, quota, jobId, settledQuota }: LoggedRow,
): unknown {
  const other = {
    ...(type === 'charge' && { is_task: true, request_path: '/v1/videos' }),
    ...(type === 'error' && { error_type: 'new_api_error', status_code: 500 }),
    ...(jobId !== undefined && { task_id: jobId }),
    ...(type === 'refund' && { reason: '任务执行失败' }),
    ...(settledQuota !== undefined && { actual_quota: settledQuota }),
  };
  return {
    id: 1,
    user_id: 1,
    created_at: seconds(at),
    type: typeOf[type],
    content: type === 'charge' ? '操作 generate' : '',
    username: 'sandbox',
    token_name: 'sandbox',
    model_name: model,
    quota,
    prompt_tokens: 0,
    completion_tokens: 0,
    use_time: 1,
    is_stream: false,
    channel: 0,
    channel_name: '',
    token_id: 1,
    group: 'default',
    ip: '',
    ...(requestId !== '' && { request_id: requestId }),
    // Newer builds send an object for the account, and a string for the API key.
    other: pathname.endsWith('/self') ? other : JSON.stringify(other),
  };
}
