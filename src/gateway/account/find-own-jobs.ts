import { z } from 'zod';
import { compact } from '../compact.ts';
import { dashboardCredentials } from './dashboard-credentials.ts';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { ExchangeOptions, OwnJob, SubmitWindow } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { readAnswer } from '../read-answer.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';
import { timestampMs } from '../jobs/timestamps.ts';

/** The gateway's maximum page size. */
const pageSize = 100;

/** More rows than a window of minutes can contain. A gateway that ignores the window returns its whole log. */
const maxPages = 20;

/** A row contains the vendor's body, which may contain a whole video in Base64. */
const maxAnswerBytes = 64 * 1024 * 1024;

const task: Task = { operation: 'search', verb: 'search the task log' };

/**
 * `GET /api/task/self` with the personal access token, page by page. Rejects if the log cannot be read completely, because
 * a partial log could hide a paid job.
 */
export async function findOwnJobs(
  endpoint: GatewayEndpoint,
  { window, timeoutMs, signal }: ExchangeOptions & { window: SubmitWindow },
): Promise<OwnJob[]> {
  const bounds = boundsOf(window);
  const endsAt = performance.now() + timeoutMs;
  const jobs = new Map<string, OwnJob>();
  let rows = 0;
  for (let page = 1; page <= maxPages; page += 1) {
    const rest = {
      timeoutMs: Math.max(1, Math.ceil(endsAt - performance.now())),
      ...compact({ signal }),
    };
    const { items, total } = await readPage(endpoint, { ...rest, bounds, page });
    // A row that is added meanwhile shifts another one to the next page: that one is read twice, none is missed.
    for (const job of items) jobs.set(job.jobId, job);
    rows += items.length;
    if (rows > total) throw unreadable(`it reports ${total} rows and returns ${rows}`);
    if (rows === total) return [...jobs.values()].filter((job) => isWithin(bounds, job));
    // If the gateway's own query fails, it returns an empty page.
    if (items.length === 0) throw unreadable(`it ended after ${rows} of ${total} rows`);
  }
  throw unreadable(`it has more than ${rows} rows in that time`);
}

/** In whole seconds, like the gateway's timestamps. */
interface Bounds {
  from: number;
  to: number;
}

function boundsOf({ fromMs, toMs }: SubmitWindow): Bounds {
  const bounds = { from: Math.floor(fromMs / 1_000), to: Math.ceil(toMs / 1_000) };
  if (bounds.from <= bounds.to) return bounds;
  throw new RangeError(`Cannot search from "${fromMs}" to "${toMs}": the window is empty`);
}

function isWithin({ from, to }: Bounds, { submittedAt }: OwnJob): boolean {
  const second = Math.floor(submittedAt / 1_000);
  return from <= second && second <= to;
}

async function readPage(
  endpoint: GatewayEndpoint,
  { bounds, page, ...options }: ExchangeOptions & { bounds: Bounds; page: number },
): Promise<{ items: OwnJob[]; total: number }> {
  const answer = await requestGateway(endpoint, {
    ...options,
    task,
    method: 'GET',
    path: `/api/task/self?p=${page}&page_size=${pageSize}&start_timestamp=${bounds.from}&end_timestamp=${bounds.to}`,
    credentials: dashboardCredentials(endpoint, task),
    maxBodyBytes: maxAnswerBytes,
  });
  const read = readAnswer(answer, endpoint.secrets);
  const log = answer.status === 200 ? logSchema.safeParse(read.json) : undefined;
  if (!log?.success) throw faultError(task, read, answer.headers);
  const { items, total } = log.data.data;
  return { items: (items ?? []).map(readRow), total };
}

const text = z.string().regex(/\S/).optional().catch(undefined);
const properties = z
  .looseObject({ input: text, origin_model_name: text })
  .optional()
  .catch(undefined);
const rowSchema = z.looseObject({
  task_id: z.string().regex(/\S/),
  submit_time: z.unknown().optional(),
  created_at: z.unknown().optional(),
  properties,
});

/** A rejection has `success: false`, sometimes with an empty list. */
const logSchema = z.looseObject({
  success: z.literal(true),
  data: z.looseObject({ total: z.int().nonnegative(), items: z.array(rowSchema).nullish() }),
});

function readRow({
  task_id: jobId,
  submit_time,
  created_at,
  properties: asked,
}: z.infer<typeof rowSchema>): OwnJob {
  const submittedAt = timestampMs(submit_time) ?? timestampMs(created_at);
  if (submittedAt === undefined) throw unreadable('a row has no submit time');
  return compact({ jobId, submittedAt, model: asked?.origin_model_name, prompt: asked?.input });
}

function unreadable(what: string): GatewayError {
  const message = `Cannot ${task.verb}: ${what}`;
  return new GatewayError('gateway_unavailable', message, { billed: 'maybe' });
}
