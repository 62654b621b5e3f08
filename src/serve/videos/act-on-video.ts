import { VideoClientError } from '../../client/video-client-error.ts';
import type { ResolveSubmission } from '../../contract/messages.ts';
import { ApiError } from '../http/api-error.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { markDeleted } from './deleted-videos.ts';
import { findVideo, workflowIdOf } from './find-video.ts';
import { hasEnded, type TenantVideo } from './video-object.ts';

/** A running worker ends a cancelled run within this time, unless a submit is under way. */
const cancelWaitMs = 3_000;

/** Cancels a video; with `keep`, it is still stored. @throws {ApiError} 404; 409 if it has ended */
export async function cancelVideo(
  ports: ServePorts,
  tenant: Tenant,
  { id, keep }: { id: string; keep: boolean },
): Promise<TenantVideo> {
  const videoId = workflowIdOf(tenant, id);
  await demandOpen(ports, tenant, id);
  if (keep) {
    await ports.videos.keep(videoId);
  } else {
    await ports.videos.cancel(videoId);
    await ports.videos.wait(videoId, { timeoutMs: cancelWaitMs, untilClosed: true });
  }
  return findVideo(ports, tenant, id);
}

/** Decides a submit with an unknown outcome. @throws {ApiError} 404; 409 if there is none, or it is decided */
export async function resolveVideo(
  ports: ServePorts,
  tenant: Tenant,
  { id, decision }: { id: string; decision: ResolveSubmission },
): Promise<TenantVideo> {
  const { status } = await findVideo(ports, tenant, id);
  if (decision.action === 'adopt') demandCandidate(tenant, decision.jobId, status);
  await ports.videos.resolve(workflowIdOf(tenant, id), decision);
  return findVideo(ports, tenant, id);
}

/** Tenants share the account of the gateway. A job that is no candidate may be another tenant's. */
function demandCandidate(
  { keyId }: Tenant,
  jobId: string,
  { unresolved }: TenantVideo['status'],
): void {
  const candidates = unresolved?.candidates ?? [];
  if (keyId === null || unresolved === undefined || candidates.includes(jobId)) return;
  const message = `Job "${jobId}" is not a candidate of this video; the operator can adopt it with \`onetake resolve\``;
  throw new ApiError(400, 'invalid_request', { message, param: 'job_id' });
}

/**
 * Deletes an ended video. Its claim stays, and its id is never used again.
 *
 * @throws {ApiError} 404; 409 if it has not ended
 */
export async function deleteVideo(ports: ServePorts, tenant: Tenant, id: string): Promise<void> {
  const { status } = await findVideo(ports, tenant, id);
  if (!hasEnded(status)) {
    const message = `The video is ${status.phase}; cancel it, or wait for its end`;
    throw new ApiError(409, 'wrong_phase', { message, isFinal: true });
  }
  await markDeleted(ports.storage, workflowIdOf(tenant, id), {
    fileKey: status.video?.key,
    deletedAt: new Date(ports.now()),
  });
}

async function demandOpen(ports: ServePorts, tenant: Tenant, id: string): Promise<void> {
  const { status } = await findVideo(ports, tenant, id);
  if (!hasEnded(status)) return;
  throw new VideoClientError('wrong_phase', `The video has ended (${status.phase})`);
}
