import { familyTraits } from './vendors/families.ts';
import { seconds, type View } from './render-videos.ts';
import { vendorBody } from './vendors/vendor-body.ts';

/** Body of `GET /v1/video/generations/{id}`. */
export function renderGenerations(view: View): Record<string, unknown> {
  return view.job.family === 'gemini' ? renderInner(view) : renderEnvelope(view);
}

/** The envelope around the task row. */
export function renderEnvelope(view: View): Record<string, unknown> {
  return { code: 'success', message: '', data: renderRow(view) };
}

/** The stored task row; it has no prompt. */
export function renderRow({ job, row, urls }: View, prompt = ''): Record<string, unknown> {
  const { platform, channelId, action } = familyTraits[job.family];
  const failed = row.status === 'FAILURE';
  const resultUrl = failed ? row.reason : urls.resultUrl;
  return {
    id: job.rowNumber,
    created_at: seconds(job.submittedAt),
    updated_at: seconds(row.updatedAt),
    task_id: job.id,
    platform,
    user_id: 1,
    group: 'default',
    channel_id: channelId,
    quota: row.refunded ? 0 : job.price,
    action,
    status: row.status,
    fail_reason: failed ? row.reason : '',
    ...(failed || row.status === 'SUCCESS' ? { result_url: resultUrl } : {}),
    submit_time: seconds(job.submittedAt),
    start_time: row.startedAt === null ? 0 : seconds(row.startedAt),
    finish_time: row.finishedAt === null ? 0 : seconds(row.finishedAt),
    progress: `${row.progressPercent}%`,
    properties: { input: prompt, upstream_model_name: job.model, origin_model_name: job.model },
    data: vendorBody({ job, row, url: urls.direct }),
  };
}

/** The real-time shape of Gemini and Vertex: on failure `url` holds the reason. */
export function renderInner({ job, row, urls }: View): Record<string, unknown> {
  const status = innerWords[row.status] ?? 'processing';
  const url = row.status === 'FAILURE' ? row.reason : urls.resultUrl;
  const data = { error: null, format: 'mp4', metadata: null, status, task_id: job.id, url };
  return { code: 'success', message: '', data };
}

const innerWords: Record<string, string> = { SUCCESS: 'succeeded', FAILURE: 'failed' };
