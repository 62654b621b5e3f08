import type { VideoFormat, VideoRequest } from '../../contract/video-request.ts';
import { readCreatedJob } from './created-job.ts';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { AcceptedJob, ExchangeOptions } from '../gateway.ts';
import { submitRequest as generationsRequest } from '../generations/request.ts';
import { readAnswer } from '../read-answer.ts';
import { shorten } from '../faults/redact.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';
import { submitRequest as videosRequest } from '../videos/request.ts';

/** A create response is a few hundred bytes, or an error page. */
const maxAnswerBytes = 1024 * 1024;

/** Sends one POST and reads its outcome. */
export async function submitOnce(
  endpoint: GatewayEndpoint,
  { request, ...options }: ExchangeOptions & { request: VideoRequest },
): Promise<AcceptedJob> {
  const { path, body } = requests[request.format](request);
  const task: Task = {
    operation: 'submit',
    verb: `submit the video for model "${shorten(request.body.model, 120)}"`,
  };
  const answer = await requestGateway(endpoint, {
    ...options,
    task,
    method: 'POST',
    path,
    body,
    maxBodyBytes: maxAnswerBytes,
  });
  const read = readAnswer(answer, endpoint.secrets);
  const succeeded = answer.status >= 200 && answer.status <= 299;
  const job = succeeded ? readCreatedJob(read.json, answer.headers) : undefined;
  if (job === undefined) throw faultError(task, read, answer.headers);
  return job;
}

const requests: Record<VideoFormat, typeof videosRequest> = {
  generations: generationsRequest,
  videos: videosRequest,
};
