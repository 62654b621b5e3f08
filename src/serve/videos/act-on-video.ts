import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, type WorkflowExecutionInfo } from '@temporalio/client';
import { VideoClientError } from '../../client/video-client-error.ts';
import type { ResolveSubmission } from '../../contract/messages.ts';
import { sidecarKey } from '../../identity/object-key.ts';
import { orNull } from '../../runs/run-messages.ts';
import { ApiError } from '../http/api-error.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { findVideo, workflowIdOf } from './find-video.ts';
import { hasEnded, type TenantVideo } from './video-object.ts';

/** A running worker ends a cancelled run within this time, unless a submit is under way. */
const cancelWaitMs = 3_000;
/** Until a deletion is reported, although the server has not finished it. */
const deleteWaitMs = 3_000;
const deletePauseMs = 50;
/** gRPC's NOT_FOUND. */
const notFoundCode = 5;

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
 * Deletes an ended video: its file, its sidecar and its runs. The claim stays, so the key still never pays twice.
 *
 * @throws {ApiError} 404; 409 if it has not ended
 */
export async function deleteVideo(ports: ServePorts, tenant: Tenant, id: string): Promise<void> {
  const videoId = workflowIdOf(tenant, id);
  const { status } = await findVideo(ports, tenant, id);
  if (!hasEnded(status)) {
    const message = `The video is ${status.phase}; cancel it, or wait for its end`;
    throw new ApiError(409, 'wrong_phase', { message, isFinal: true });
  }
  // Until the runs are deleted, the request can be repeated.
  if (status.video) {
    await ports.storage.remove(status.video.key);
    await ports.storage.remove(sidecarKey(status.video.key));
  }
  await deleteRuns(ports, videoId);
}

/**
 * Deletes the closed runs of a video. A run that was started again in the meantime stays, because the server would
 * terminate it. The index lags, so the newest run is described.
 */
async function deleteRuns({ temporal, now }: ServePorts, videoId: string): Promise<void> {
  const remove = async ({
    runId,
    closeTime,
  }: Pick<WorkflowExecutionInfo, 'runId' | 'closeTime'>) => {
    if (closeTime === undefined) return;
    const workflowExecution = { workflowId: videoId, runId };
    const { namespace } = temporal.options;
    const request = { namespace, workflowExecution };
    await temporal.workflowService.deleteWorkflowExecution(request).catch(unlessNotFound);
  };
  const query = `WorkflowId = '${videoId}'`;
  for await (const run of temporal.workflow.list({ query })) await remove(run);
  // The server deletes in the background. Afterwards the video is not found.
  for (const end = now() + deleteWaitMs; now() < end; await sleep(deletePauseMs)) {
    const run = await orNull(() => temporal.workflow.getHandle(videoId).describe());
    if (run?.closeTime === undefined) return;
    await remove(run);
  }
}

/** The index still lists runs that are deleted. */
function unlessNotFound(error: unknown): void {
  if (!isGrpcServiceError(error) || error.code !== notFoundCode) throw error;
}

async function demandOpen(ports: ServePorts, tenant: Tenant, id: string): Promise<void> {
  const { status } = await findVideo(ports, tenant, id);
  if (!hasEnded(status)) return;
  throw new VideoClientError('wrong_phase', `The video has ended (${status.phase})`);
}
