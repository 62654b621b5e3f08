import { VideoClientError } from '../../client/video-client-error.ts';
import type { DescribedVideo } from '../../client/describe-video.ts';
import type { ReadVideo } from '../../client/status-reader.ts';
import { readRequestMemo, requestMemo } from '../../contract/request-memo.ts';
import { videoKey } from '../../identity/object-key.ts';
import { tenantVideoId } from '../../identity/tenant-video.ts';
import { findStored, readSidecarOf } from '../../storage/records/stored-videos.ts';
import { ApiError } from '../http/api-error.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { isDeleted } from './deleted-videos.ts';
import { hasEnded, seconds, type TenantVideo } from './video-object.ts';

/** The workflow id of a tenant's video. An id of another tenant names no run of this one. @throws {ApiError} 404 */
export function workflowIdOf(tenant: Tenant, id: string): string {
  const videoId = tenantVideoId(tenant.name, id);
  if (videoId === null) throw notFound(id);
  return videoId;
}

/** Reads a tenant's video from its run, else from its sidecar in the storage. @throws {ApiError} 404 */
export async function findVideo(
  ports: Pick<ServePorts, 'read' | 'storage'>,
  tenant: Tenant,
  id: string,
): Promise<TenantVideo> {
  const found = await findByWorkflowId(ports, workflowIdOf(tenant, id));
  if (!found) throw notFound(id);
  return found.video;
}

/** A video, and its newest run; Temporal deletes it after its retention period. */
export interface FoundVideo {
  video: TenantVideo;
  run?: DescribedVideo;
}

/** Reads any video, of whatever tenant; null if there is none, or it was deleted. */
export async function findByWorkflowId(
  ports: Pick<ServePorts, 'read' | 'storage'>,
  videoId: string,
): Promise<FoundVideo | null> {
  try {
    const read = await ports.read(videoId, { isDetailed: true });
    const { found: run } = read;
    const { runId } = run;
    if (hasEnded(read.status) && (await isDeleted(ports.storage, { videoId, runId }))) return null;
    return { run, video: (await storedMeanwhile(ports.storage, read)) ?? fromRun(read) };
  } catch (error) {
    if (!(error instanceof VideoClientError) || error.kind !== 'not_found') throw error;
    const video = await fromStorage(ports.storage, videoId);
    return video && { video };
  }
}

/**
 * A run that announces its end answers no query, and is open, while receivers of the event read the video already. The
 * video is complete if it is in the storage. Null if the run has answered or ended.
 */
async function storedMeanwhile(
  storage: ServePorts['storage'],
  read: ReadVideo,
): Promise<TenantVideo | null> {
  const { status } = read;
  if (status.live || hasEnded(status)) return null;
  const stored = await fromStorage(storage, status.videoId);
  if (!stored) return null;
  const { startedAt } = status;
  const { completedAt } = stored;
  return { ...fromRun(read), status: { ...stored.status, startedAt }, completedAt };
}

/** A video from one read of its run. */
export function fromRun({ found, status }: ReadVideo): TenantVideo {
  const { memo, startTime, closeTime } = found;
  const { phase, changedAt } = status;
  // The run is open for a moment after its video is stored.
  const storedAt = closeTime?.toISOString() ?? changedAt;
  return {
    status,
    memo: readRequestMemo(memo),
    createdAt: Math.floor(startTime.getTime() / 1_000),
    completedAt: phase === 'stored' && storedAt !== undefined ? seconds(storedAt) : null,
  };
}

/** Temporal deletes closed runs after its retention period. The sidecar stays beside the video. */
async function fromStorage(
  storage: ServePorts['storage'],
  videoId: string,
): Promise<TenantVideo | null> {
  const sidecar = await readSidecarOf(storage, videoKey(videoId));
  const video = sidecar && (await findStored(storage, videoId));
  if (!sidecar || !video) return null;
  const { model, jobId, format, billed, storedAt, request } = sidecar;
  return {
    status: {
      videoId,
      phase: 'stored',
      billed,
      live: false,
      startedAt: storedAt,
      format,
      jobId,
      video,
      ...(model !== undefined && { model }),
    },
    memo: request ? requestMemo(request.body) : readRequestMemo(undefined),
    // The sidecar does not say when the video was started.
    createdAt: seconds(storedAt),
    completedAt: seconds(storedAt),
  };
}

/** The same for an id that never existed and one of another tenant. */
export function notFound(id: string): ApiError {
  const message = `There is no video "${id.slice(0, 100)}"`;
  return new ApiError(404, 'not_found', { message, param: 'id' });
}
