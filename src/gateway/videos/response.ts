import type { StatusObject } from '../jobs/status-object.ts';
import { videoSchema } from './wire.ts';

/**
 * Reads the bare video object of this route. Also accepts the shapes of the rc.30 regression and of the published docs,
 * and bodies without a status.
 *
 * @returns undefined if the body is not an object.
 */
export function readVideosStatus(body: unknown): StatusObject | undefined {
  const video = videoSchema.safeParse(body);
  if (!video.success) return undefined;
  const { status, task_status, progress, done, error } = video.data;
  const doneWord = done === true ? (error ? 'failed' : 'succeeded') : undefined;
  const fields = {
    status: status || task_status || doneWord,
    progress,
    createdAt: video.data.created_at,
    completedAt: video.data.completed_at || video.data.finished_at,
    expiresAt: video.data.expires_at,
    usageSeconds: video.data.usage?.seconds,
  };
  return { raw: video.data, fields };
}
