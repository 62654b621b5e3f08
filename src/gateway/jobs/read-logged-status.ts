import { z } from 'zod';
import { dashboardCredentials } from '../account/dashboard-credentials.ts';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { ExchangeOptions, JobStatus } from '../gateway.ts';
import { readJobStatus } from './job-status.ts';
import { readAnswer } from '../read-answer.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';

/** A row contains the vendor's body, which may contain a whole video in Base64. */
const maxAnswerBytes = 64 * 1024 * 1024;
const timeoutMs = 10_000;
const task: Task = { operation: 'search', verb: 'read the job in the task log' };

/**
 * Reads the status of a job, including its result URLs, from the account's task log. Uses the access token, so it works
 * when the API key is rejected.
 *
 * @returns undefined if the log has no such job.
 */
export async function readLoggedStatus(
  endpoint: GatewayEndpoint,
  { jobId, signal }: { jobId: string } & Pick<ExchangeOptions, 'signal'>,
): Promise<JobStatus | undefined> {
  const answer = await requestGateway(endpoint, {
    ...(signal && { signal }),
    timeoutMs,
    task,
    method: 'GET',
    path: `/api/task/self?p=1&page_size=10&task_id=${encodeURIComponent(jobId)}`,
    credentials: dashboardCredentials(endpoint, task),
    maxBodyBytes: maxAnswerBytes,
  });
  const { base, secrets } = endpoint;
  const read = readAnswer(answer, secrets);
  const log = answer.status === 200 ? logSchema.safeParse(read.json) : undefined;
  if (!log?.success) throw faultError(task, read, answer.headers);
  const row = log.data.data.items?.find(({ task_id }) => task_id === jobId);
  const context = { base, jobId, requestId: read.requestId, secrets };
  return row && readJobStatus({ code: 'success', data: row }, context);
}

const logSchema = z.looseObject({
  success: z.literal(true),
  data: z.looseObject({ items: z.array(z.looseObject({ task_id: z.string() })).nullish() }),
});
