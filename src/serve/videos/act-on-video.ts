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
  { id, keep: isKept }: { id: string; keep: boolean },
): Promise<TenantVideo> {
  const videoId = workflowIdOf(tenant, id);
  await demandOpen(ports, tenant, id);
  if (isKept) {
    await ports.videos.keep(videoId).catch(unlessUnanswered);
  } else {
    await ports.videos.cancel(videoId);
    await ports.videos.wait(videoId, { timeoutMs: cancelWaitMs, untilClosed: true });
  }
  return findVideo(ports, tenant, id);
}

/** What {@link resolveVideo} does. */
export interface Resolving {
  id: string;
  decision: ResolveSubmission;
  /** May adopt any job of the account. Default: without API keys, where there is one tenant only. */
  isOperator?: boolean;
}

/** Decides a submit with an unknown outcome. @throws {ApiError} 404; 409 if there is none, or it is decided */
export async function resolveVideo(
  ports: ServePorts,
  tenant: Tenant,
  { id, decision, isOperator = tenant.keyId === null }: Resolving,
): Promise<TenantVideo> {
  const { status } = await findVideo(ports, tenant, id);
  if (decision.action === 'adopt') demandCandidate(decision.jobId, { status, isOperator });
  await ports.videos.resolve(workflowIdOf(tenant, id), decision);
  return findVideo(ports, tenant, id);
}

/** A submit that is under way may take longer than the client waits. The status says what was achieved. */
function unlessUnanswered(error: unknown): void {
  if (!(error instanceof VideoClientError) || error.kind !== 'no_answer') throw error;
}

/** Tenants share the account of the gateway. A job that is no candidate may be another tenant's. */
function demandCandidate(
  jobId: string,
  { status, isOperator }: Pick<TenantVideo, 'status'> & { isOperator: boolean },
): void {
  const { phase, unresolved } = status;
  if (isOperator || unresolved?.candidates.includes(jobId)) return;
  if (phase !== 'unresolved') {
    throw new VideoClientError('wrong_phase', `The video has no unresolved submit (${phase})`);
  }
  if (!unresolved) {
    const message = 'No worker says which jobs are candidates; try again';
    throw new VideoClientError('no_answer', message);
  }
  const message = `Job "${jobId}" is not a candidate of this video; the operator can adopt it with \`onetake resolve\``;
  throw new ApiError(400, 'invalid_request', { message, param: 'job_id' });
}

/**
 * Deletes an ended video. Its claim stays, and its id is never used again.
 *
 * @throws {ApiError} 404; 409 if it has not ended
 */
export async function deleteVideo(ports: ServePorts, tenant: Tenant, id: string): Promise<void> {
  const { status, runId } = await findForDeletion(ports, tenant, id);
  if (!hasEnded(status)) {
    const message = `The video is ${status.phase}; cancel it, or wait for its end`;
    throw new ApiError(409, 'wrong_phase', { message, isFinal: true });
  }
  const kept = status.failure?.kept?.key;
  await markDeleted(ports.storage, {
    videoId: workflowIdOf(tenant, id),
    runId,
    fileKeys: [status.video?.key, kept].filter((key) => key !== undefined),
    deletedAt: new Date(ports.now()),
  });
}

/** Also a video that is marked already: the removal of its file may have failed. @throws {ApiError} 404 */
async function findForDeletion(
  ports: ServePorts,
  tenant: Tenant,
  id: string,
): Promise<Pick<TenantVideo, 'status'> & { runId?: string }> {
  try {
    const { status, found } = await ports.read(workflowIdOf(tenant, id), { isDetailed: false });
    return { status, runId: found.runId };
  } catch (error) {
    if (!(error instanceof VideoClientError) || error.kind !== 'not_found') throw error;
    return findVideo(ports, tenant, id);
  }
}

async function demandOpen(ports: ServePorts, tenant: Tenant, id: string): Promise<void> {
  const { status } = await findVideo(ports, tenant, id);
  if (!hasEnded(status)) return;
  throw new VideoClientError('wrong_phase', `The video has ended (${status.phase})`);
}
