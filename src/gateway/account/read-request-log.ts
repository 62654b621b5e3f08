import { z } from 'zod';
import { compact } from '../compact.ts';
import { dashboardCredentials } from './dashboard-credentials.ts';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { ExchangeOptions, RequestLogRow } from '../gateway.ts';
import { readAnswer } from '../read-answer.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';
import { timestampMs } from '../jobs/timestamps.ts';

/** The newest 1,000 rows of a key, about 1 KB each. Error texts may be longer. */
const maxAnswerBytes = 16 * 1024 * 1024;

/** The gateway's maximum page size. One request has few rows: its attempts and a charge. */
const pageSize = 100;

/** Maximum pages of refunds to search after a charge. A refund beyond them is not found, so its absence proves nothing. */
const maxRefundPages = 5;

const task: Task = { operation: 'log', verb: 'read the request log' };

/** `GET /api/log/token` with the API key: the newest rows of this key. Shares a rate limit with `/api/usage/token/`. */
export async function readKeyLog(
  endpoint: GatewayEndpoint,
  options: ExchangeOptions,
): Promise<RequestLogRow[]> {
  const { data } = await readLog(endpoint, { ...options, path: '/api/log/token' }, keyLogSchema);
  return rowsOf(data ?? []);
}

/**
 * `GET /api/log/self` with the personal access token: the rows of one request, and the refunds of its job, which have no
 * request id.
 */
export async function findRequest(
  endpoint: GatewayEndpoint,
  { requestId, ...options }: ExchangeOptions & { requestId: string },
): Promise<RequestLogRow[]> {
  const query = `p=1&page_size=${pageSize}&request_id=${encodeURIComponent(requestId)}`;
  const rows = await readAccountLog(endpoint, { ...options, query });
  const charge = rows.find((row) => row.requestId === requestId && row.jobId !== undefined);
  return charge?.createdAt === undefined
    ? rows
    : [...rows, ...(await findRefunds(endpoint, { ...options, ...charge }))];
}

async function findRefunds(
  endpoint: GatewayEndpoint,
  { createdAt = 0, jobId, timeoutMs, signal }: ExchangeOptions & RequestLogRow,
): Promise<RequestLogRow[]> {
  const options = compact({ timeoutMs, signal });
  const since = Math.floor(createdAt / 1_000);
  for (let page = 1; page <= maxRefundPages; page += 1) {
    const query = `p=${page}&page_size=${pageSize}&type=6&start_timestamp=${since}`;
    const rows = await readAccountLog(endpoint, { ...options, query });
    const ours = rows.filter((row) => row.type === 'refund' && row.jobId === jobId);
    if (ours.length > 0 || rows.length < pageSize) return ours;
  }
  return [];
}

async function readAccountLog(
  endpoint: GatewayEndpoint,
  { query, ...options }: ExchangeOptions & { query: string },
): Promise<RequestLogRow[]> {
  const credentials = dashboardCredentials(endpoint, task);
  const call = { ...options, path: `/api/log/self?${query}`, credentials };
  const { data } = await readLog(endpoint, call, accountLogSchema);
  return rowsOf(data.items ?? []);
}

async function readLog<T extends z.ZodType>(
  endpoint: GatewayEndpoint,
  call: ExchangeOptions & { path: string; credentials?: Record<string, string> },
  schema: T,
): Promise<z.output<T>> {
  const request = { ...call, task, method: 'GET' as const, maxBodyBytes: maxAnswerBytes };
  const answer = await requestGateway(endpoint, request);
  const read = readAnswer(answer, endpoint.secrets);
  const log = answer.status === 200 ? schema.safeParse(read.json) : undefined;
  if (log?.success) return log.data;
  throw faultError(task, read, answer.headers);
}

const text = z.string().regex(/\S/).optional().catch(undefined);
const quota = z.number().optional().catch(undefined);
/** JSON as text. Newer versions send the object itself. */
const other = z.preprocess(
  (value) => (typeof value === 'string' ? parseObject(value) : value),
  z.looseObject({ task_id: text, actual_quota: quota }).optional().catch(undefined),
);
const rowSchema = z.looseObject({
  type: z.int(),
  quota: z.number(),
  request_id: text,
  model_name: text,
  created_at: z.unknown().optional(),
  other,
});
const keyLogSchema = z.looseObject({
  success: z.literal(true),
  data: z.array(rowSchema).nullish(),
});
const accountLogSchema = z.looseObject({
  success: z.literal(true),
  data: z.looseObject({ items: z.array(rowSchema).nullish() }),
});

/** Top-ups, logins and operator messages are ignored. */
const types: Record<number, RequestLogRow['type']> = { 2: 'charge', 5: 'error', 6: 'refund' };

function rowsOf(rows: z.output<typeof rowSchema>[]): RequestLogRow[] {
  return rows.flatMap((row) => {
    const type = types[row.type];
    if (type === undefined) return [];
    return compact({
      type,
      quota: row.quota,
      requestId: row.request_id,
      jobId: row.other?.task_id,
      settledQuota: row.other?.actual_quota,
      createdAt: timestampMs(row.created_at),
    });
  });
}

function parseObject(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
