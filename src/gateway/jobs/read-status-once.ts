import type { JobRef } from '../../contract/video-job.ts';
import type { VideoFormat } from '../../contract/video-request.ts';
import { classify } from '../faults/classify.ts';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { ExchangeOptions, JobStatus } from '../gateway.ts';
import { statusPath as generationsPath } from '../generations/request.ts';
import { readJobStatus } from './job-status.ts';
import { readAnswer } from '../read-answer.ts';
import { shorten } from '../faults/redact.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';
import { statusPath as videosPath } from '../videos/request.ts';

/** A status body may contain a whole video in Base64 (30 MB were observed). */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Polls a job once and reads the response in any known shape. */
export async function readStatusOnce(
  endpoint: GatewayEndpoint,
  { job, ...options }: ExchangeOptions & { job: JobRef },
): Promise<JobStatus> {
  const task: Task = {
    operation: 'status',
    verb: `read the status of job "${shorten(job.jobId, 200)}"`,
  };
  const path = paths[job.format](job.jobId);
  const answer = await requestGateway(endpoint, {
    ...options,
    task,
    method: 'GET',
    path,
    maxBodyBytes: maxAnswerBytes,
  });
  const read = readAnswer(answer, endpoint.secrets);
  const { base, secrets } = endpoint;
  const context = { base, jobId: job.jobId, requestId: read.requestId, secrets };
  const status = answer.status === 200 ? readJobStatus(read.json, context) : undefined;
  if (status === undefined) throw faultError(task, read, answer.headers);
  // An error with HTTP 200 counts only if its code is known. Otherwise a body without a status is ignored.
  const codeSpeaks = classify('status', read).kind !== 'gateway_unavailable';
  if (status.noNews && codeSpeaks) throw faultError(task, read, answer.headers);
  return status;
}

const paths: Record<VideoFormat, (jobId: string) => string> = {
  generations: generationsPath,
  videos: videosPath,
};
