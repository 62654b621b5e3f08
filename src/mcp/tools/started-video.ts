import { VideoClientError } from '../../client/video-client-error.ts';
import { keyedApiId } from '../../identity/tenant-video.ts';
import { digestOfRun } from '../../runs/run-digest.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { findVideo, workflowIdOf } from '../../serve/videos/find-video.ts';
import { hasEnded, type TenantVideo } from '../../serve/videos/video-object.ts';
import type { McpPorts } from '../ports.ts';
import type { SpendRequest } from '../spending/spend-permission.ts';

/**
 * The video that was started with this key and request, if it is under way or stored: nothing is started for it, so it
 * needs no permission. Null for any other, which `createVideo` decides about.
 *
 * @throws {ApiError} 409: it was cancelled at no cost. Whoever cancelled it does not want it started again.
 */
export async function startedVideo(
  ports: McpPorts,
  { tenant, key, digest, runDigest = digest }: SpendRequest & { key: string },
): Promise<TenantVideo | null> {
  const id = keyedApiId(tenant.name, key);
  try {
    const { found } = await ports.read(workflowIdOf(tenant, id), { isDetailed: false });
    const known = await digestOfRun(ports.temporal, found);
    if (known !== runDigest && known !== digest) return null;
    const video = await findVideo(ports, tenant, id);
    const { phase, billed } = video.status;
    if (phase === 'cancelled' && billed === 'no') throw cancelled(id);
    const isStored = phase === 'stored';
    if (hasEnded(video.status) && !isStored) return null;
    return { ...video, outcome: isStored ? 'cached' : 'joined' };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

function cancelled(id: string): ApiError {
  const message =
    `Nothing was spent: "${id}" was cancelled, and is not started again. If the person wants it after all, call again ` +
    'without its `confirm`, with another `key`';
  return new ApiError(409, 'cancelled', { message });
}

function isNotFound(error: unknown): boolean {
  return error instanceof VideoClientError
    ? error.kind === 'not_found'
    : (error as { code?: unknown }).code === 'not_found';
}
