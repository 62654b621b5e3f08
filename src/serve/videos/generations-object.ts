import type { z } from 'zod';
import { videoEndings } from '../../contract/stored-video.ts';
import type { createdGenerationSchema, generationSchema } from '../api/video-schemas.ts';
import { apiIdOf } from '../../identity/tenant-video.ts';
import {
  errorOf,
  progressOf,
  statusOfPhase,
  videoObject,
  type TenantVideo,
} from './video-object.ts';

/** The words of new-api: those of the row in `data`, and those of its published page, at the top level. */
const words = {
  queued: ['QUEUED', 'queued'],
  in_progress: ['IN_PROGRESS', 'processing'],
  completed: ['SUCCESS', 'succeeded'],
  failed: ['FAILURE', 'failed'],
} as const;

/** The response to a create in new-api's shape. */
export function createdGeneration(video: TenantVideo): z.output<typeof createdGenerationSchema> {
  const { id, model, created_at, onetake } = videoObject(video);
  const status = words[statusOfPhase[video.status.phase]][1];
  return {
    id,
    task_id: id,
    object: 'video',
    model,
    status,
    progress: 0,
    created_at,
    onetake,
  };
}

/**
 * The status in new-api's shape: its wire has the row in `data`, its published page has the fields at the top level.
 *
 * @param url Signed address of the file; empty unless it is stored.
 */
export function generationStatus(
  video: TenantVideo,
  url: string,
): z.output<typeof generationSchema> {
  const { status, createdAt, completedAt } = video;
  const [word, pageWord] = words[statusOfPhase[status.phase]];
  const { onetake, model, seconds } = videoObject(video);
  const error = errorOf(status);
  const id = apiIdOf(status.videoId);
  return {
    code: 'success',
    message: '',
    data: {
      task_id: id,
      status: word,
      progress: `${progressOf(status)}%`,
      fail_reason: error?.message ?? '',
      result_url: url,
      submit_time: createdAt,
      finish_time: completedAt ?? 0,
    },
    task_id: id,
    model,
    status: pageWord,
    url,
    format: (status.video ? videoEndings[status.video.contentType] : '.mp4').slice(1),
    metadata: { duration: Number(seconds) || 0 },
    error: error && { code: error.code, message: error.message },
    onetake,
  };
}
