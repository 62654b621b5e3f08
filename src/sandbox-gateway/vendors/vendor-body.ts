import type { Family } from './families.ts';
import type { Job, Row } from '../job.ts';
import { seconds } from '../render-videos.ts';

interface VendorView {
  job: Job;
  row: Row;
  /** The vendor's address of the finished file. */
  url: string;
}

/** The raw vendor body in `data.data` of the envelope, as recorded per family. */
export function vendorBody(view: VendorView): unknown {
  return bodies[view.job.family](view);
}

const bodies: Record<Family, (view: VendorView) => unknown> = {
  kling: klingBody,
  jimeng: jimengBody,
  vidu: ({ row, url }) => ({
    creations: row.status === 'SUCCESS' ? [{ id: 'c000005', url, cover_url: '' }] : [],
    credits: 8,
    err_code: row.status === 'FAILURE' ? (row.errorCode ?? '') : '',
    payload: '',
    state: word(row, { wait: 'created', run: 'processing', done: 'success', fail: 'failed' }),
  }),
  sora: ({ job, row }) => ({
    created_at: seconds(job.submittedAt),
    ...vendorFailure(row),
    id: job.vendorId,
    model: job.model,
    object: 'video',
    progress: row.progressPercent,
    seconds: String(job.seconds),
    size: job.size,
    status: openAiWord(row),
  }),
  ali: ({ job, row, url }) => ({
    output: {
      task_id: job.vendorId,
      task_status: word(row, {
        wait: 'PENDING',
        run: 'RUNNING',
        done: 'SUCCEEDED',
        fail: 'FAILED',
      }),
      ...(row.status === 'SUCCESS' ? { video_url: url, orig_prompt: job.prompt } : {}),
      ...(row.status === 'FAILURE' && row.errorCode !== null
        ? { code: row.errorCode, message: row.reason }
        : {}),
    },
    request_id: '4909100c-7b5a-9f92-bfe5-000000000003',
  }),
  hailuo: ({ job, row, url }) => ({
    base_resp: {
      status_code: row.status === 'FAILURE' ? Number(row.errorCode ?? 0) : 0,
      status_msg: row.status === 'FAILURE' ? row.reason : 'success',
    },
    file_id: row.status === 'SUCCESS' ? `f${job.rowNumber}` : '',
    ...(row.status === 'SUCCESS' ? { file: { download_url: url } } : {}),
    status: word(row, { wait: 'Queueing', run: 'Processing', done: 'Success', fail: 'Fail' }),
    task_id: job.vendorId,
  }),
  doubao: ({ job, row, url }) => ({
    ...(row.status === 'SUCCESS' ? { content: { video_url: url }, duration: job.seconds } : {}),
    created_at: seconds(job.submittedAt),
    ...vendorFailure(row),
    id: job.vendorId,
    model: job.model,
    status: word(row, { wait: 'queued', run: 'running', done: 'succeeded', fail: 'failed' }),
    updated_at: seconds(row.updatedAt),
  }),
  gemini: ({ row }) => ({ done: row.status === 'SUCCESS' }),
  plugin: ({ job, row, url }) => ({
    id: job.vendorId,
    status: openAiWord(row),
    ...(row.status === 'SUCCESS' ? { output: { video_url: url } } : {}),
    ...vendorFailure(row),
  }),
};

function klingBody({ job, row, url }: VendorView): unknown {
  const videos = [{ duration: `${job.seconds}.1`, id: 'v000001', url }];
  return {
    code: 0,
    data: {
      created_at: job.submittedAt,
      task_id: job.vendorId,
      task_info: {},
      ...(row.status === 'SUCCESS' ? { task_result: { videos } } : {}),
      task_status: word(row, {
        wait: 'submitted',
        run: 'processing',
        done: 'succeed',
        fail: 'failed',
      }),
      task_status_msg: row.errorCode === null ? '' : row.reason,
      updated_at: row.updatedAt,
    },
    message: 'SUCCEED',
    request_id: 'CmMq000001',
  };
}

function jimengBody({ row, url }: VendorView): unknown {
  const code = row.status === 'FAILURE' ? Number(row.errorCode ?? 10000) : 10000;
  const data = {
    status: word(row, { wait: 'in_queue', run: 'generating', done: 'done', fail: 'generating' }),
    video_url: row.status === 'SUCCESS' ? url : '',
  };
  return {
    code,
    data: code === 10000 ? data : null,
    message: code === 10000 ? 'Success' : row.reason,
    request_id: '2026112311450004',
    status: code,
    time_elapsed: '20ms',
  };
}

function word(row: Row, words: { wait: string; run: string; done: string; fail: string }): string {
  switch (row.status) {
    case 'SUCCESS':
      return words.done;
    case 'FAILURE':
      return row.errorCode === null ? words.run : words.fail;
    case 'IN_PROGRESS':
      return words.run;
    default:
      return words.wait;
  }
}

function openAiWord(row: Row): string {
  return word(row, { wait: 'queued', run: 'in_progress', done: 'completed', fail: 'failed' });
}

function vendorFailure(row: Row): Record<string, unknown> {
  return row.status === 'FAILURE' && row.errorCode !== null
    ? { error: { code: row.errorCode, message: row.reason } }
    : {};
}
