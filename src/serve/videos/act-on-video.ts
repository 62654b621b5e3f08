import { isGrpcDeadlineError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
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
/** A running worker answers an update within this time, even if another one has just died. */
const answerTimeoutMs = 15_000;

/** Cancels a video; with `keep`, it is still stored. @throws {ApiError} 404; 409 if it has ended */
export async function cancelVideo(
  ports: ServePorts,
  tenant: Tenant,
  { id, keep: isKept }: { id: string; keep: boolean },
): Promise<TenantVideo> {
  const videoId = workflowIdOf(tenant, id);
  await demandOpen(ports, tenant, id);
  if (isKept) {
    await keep(ports, videoId);
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
  await decide(ports, workflowIdOf(tenant, id), decision);
  return findVideo(ports, tenant, id);
}

/** The run answers after a submit that is under way, which may take longer than the caller waits. */
async function keep({ temporal, videos }: ServePorts, videoId: string): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + answerTimeoutMs, () => videos.keep(videoId));
  } catch (error) {
    if (!isUnanswered(error)) throw error;
  }
}

/** Without a deadline, Temporal's client would send the update again until a worker runs, hours after the caller left. */
async function decide(
  { temporal, videos }: ServePorts,
  videoId: string,
  decision: ResolveSubmission,
): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + answerTimeoutMs, () =>
      videos.resolve(videoId, decision),
    );
  } catch (error) {
    throw isUnanswered(error) ? noAnswer(error) : error;
  }
}

function isUnanswered(error: unknown): boolean {
  return isGrpcDeadlineError(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}

function noAnswer(cause?: unknown): VideoClientError {
  const message = 'No worker answers; look at the video before you decide again';
  return new VideoClientError('no_answer', message, { cause });
}

/** Tenants share the account of the gateway. A job that is no candidate may be another tenant's. */
function demandCandidate(
  { keyId }: Tenant,
  jobId: string,
  { phase, unresolved }: TenantVideo['status'],
): void {
  if (keyId === null || unresolved?.candidates.includes(jobId)) return;
  if (phase !== 'unresolved') {
    throw new VideoClientError('wrong_phase', `The video has no unresolved submit (${phase})`);
  }
  if (!unresolved) throw noAnswer();
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
