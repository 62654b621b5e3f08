import type { Job, Row, RowStatus } from './job.ts';

/** Input of a status body. */
export interface View {
  job: Job;
  row: Row;
  /** Result addresses; empty strings until the job has succeeded. */
  urls: ResultUrls;
}

/** The three places of the result in today's production. */
export interface ResultUrls {
  url: string;
  videoUrl: string;
  resultUrl: string;
  /** The vendor's own address, inside the raw body of the generations route. */
  direct: string;
}

/** Seconds that the media host keeps a result. */
const keptSeconds = 86_400;

/** Body of `GET /v1/videos/{id}` as in production. */
export function renderVideos(view: View): Record<string, unknown> {
  if (view.job.onPluginHost === true) return renderPluginVideos(view);
  const { job, row, urls } = view;
  const finished = row.finishedAt === null ? {} : { completed_at: seconds(row.finishedAt) };
  const body: Record<string, unknown> = {
    id: job.id,
    object: 'video',
    task_id: job.id,
    status: videosWord(job, row.status),
    progress: row.progressPercent,
    model: job.model,
    created_at: seconds(job.submittedAt),
    ...finished,
  };
  if (row.status === 'SUCCESS') {
    body['expires_at'] = seconds(row.updatedAt) + keptSeconds;
    body['url'] = urls.url;
    body['video_url'] = urls.videoUrl;
    body['result_url'] = urls.resultUrl;
    body['usage'] = { seconds: job.seconds };
  }
  if (row.status === 'FAILURE' && row.errorCode !== null) {
    body['error'] = { message: row.reason, code: row.errorCode };
  }
  return body;
}

/** The same body of a host with task plugins: no `task_id`, one code for every failed video. */
function renderPluginVideos({ job, row, urls }: View): Record<string, unknown> {
  const { url, videoUrl: video_url, resultUrl: result_url } = urls;
  const error = { code: 'video_generation_failed', message: row.reason };
  return {
    id: job.id,
    object: 'video',
    model: job.model,
    status: row.status === 'NOT_START' ? 'queued' : words[row.status],
    progress: row.progressPercent,
    created_at: seconds(job.submittedAt),
    ...(row.finishedAt !== null && { completed_at: seconds(row.finishedAt) }),
    ...(row.status === 'SUCCESS' && { url, video_url, result_url }),
    ...(row.status === 'FAILURE' && { error }),
  };
}

/** Body of the same route as the recorded builds sent it, family by family. */
export function renderRecordedVideos({ job, row, urls }: View): Record<string, unknown> {
  const word = videosWord(job, row.status);
  if (job.family === 'sora') return soraBody({ job, row, word });
  const stamp = job.family === 'kling' ? (at: number): number => at : seconds;
  const nameless = ['kling', 'vidu', 'jimeng'].includes(job.family);
  const error =
    row.status === 'FAILURE' && row.errorCode !== null && job.family !== 'gemini'
      ? { error: { message: row.reason, code: row.errorCode } }
      : {};
  return {
    id: job.id,
    ...(job.family === 'doubao' ? { task_id: job.id } : {}),
    object: 'video',
    model: nameless ? '' : job.model,
    status: word,
    progress: row.progressPercent,
    created_at: stamp(job.submittedAt),
    completed_at: stamp(row.updatedAt),
    ...(job.family === 'kling' && row.status === 'SUCCESS' ? { seconds: `${job.seconds}.1` } : {}),
    ...error,
    ...(job.family === 'gemini' ? {} : { metadata: { url: metadataUrl({ job, row, urls }) } }),
  };
}

/** The word this route shows for an internal status. */
export function videosWord(job: Job, status: RowStatus): string {
  if (status === 'NOT_START') {
    return job.family === 'sora' || job.family === 'ali' ? 'queued' : 'unknown';
  }
  return words[status];
}

/** Unix seconds of a stamp. */
export function seconds(stampMs: number): number {
  return Math.floor(stampMs / 1000);
}

const words: Record<RowStatus, string> = {
  NOT_START: 'unknown',
  UNKNOWN: 'unknown',
  SUBMITTED: 'queued',
  QUEUED: 'queued',
  IN_PROGRESS: 'in_progress',
  SUCCESS: 'completed',
  FAILURE: 'failed',
};

function metadataUrl({ job, row, urls }: View): string {
  if (row.status === 'SUCCESS') return urls.direct;
  return job.family === 'hailuo' && row.status === 'FAILURE' ? row.reason : '';
}

function soraBody({
  job,
  row,
  word,
}: {
  job: Job;
  row: Row;
  word: string;
}): Record<string, unknown> {
  const failed = row.status === 'FAILURE';
  const shown = row.status === 'IN_PROGRESS' || row.status === 'SUCCESS';
  return {
    ...(row.status === 'SUCCESS' ? { completed_at: seconds(row.updatedAt) } : {}),
    created_at: seconds(job.submittedAt),
    ...(failed && row.errorCode !== null
      ? { error: { code: row.errorCode, message: row.reason } }
      : {}),
    ...(row.status === 'SUCCESS' ? { expires_at: seconds(row.updatedAt) + keptSeconds } : {}),
    id: job.id,
    model: job.model,
    object: 'video',
    progress: shown ? row.progressPercent : 0,
    seconds: String(job.seconds),
    size: job.size,
    status: word,
  };
}
