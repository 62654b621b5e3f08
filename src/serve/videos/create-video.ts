import { VideoClientError } from '../../client/video-client-error.ts';
import type { StartVideoOptions } from '../../client/start-options.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import { keyedApiId } from '../../identity/tenant-video.ts';
import { orNull } from '../../runs/run-messages.ts';
import { ApiError } from '../http/api-error.ts';
import { refusalError, toApiError } from '../http/error-table.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { findVideo, workflowIdOf } from './find-video.ts';
import { httpMemo, httpMemoName } from './http-memo.ts';
import { startUnkeyed } from './unkeyed-start.ts';
import type { TenantVideo } from './video-object.ts';

/** What a create says beside the request itself. */
export interface CreateOptions {
  /** `Idempotency-Key`. */
  key?: string;
  /** `x-stainless-retry-count`; null if the client does not send it. */
  retryCount: number | null;
  /** Milliseconds since the epoch. */
  receivedAt: number;
  /** `Prefer: wait=N`, in milliseconds; 0 answers at once. */
  waitMs: number;
  tags: string[];
  priority?: 'interactive' | 'batch';
}

/** Starts a video of a tenant, or returns the one that has the key or is the earlier attempt of this request. */
export async function createVideo(
  ports: ServePorts,
  tenant: Tenant,
  { request, options }: { request: VideoRequest; options: CreateOptions },
): Promise<TenantVideo> {
  try {
    const { id, outcome } = await start(ports, tenant, { request, options });
    if (options.waitMs > 0) await waitForSubmit(ports, workflowIdOf(tenant, id), options.waitMs);
    return { ...(await findVideo(ports, tenant, id)), outcome };
  } catch (error) {
    throw repeatable(error, ports, options);
  }
}

type Started = { id: string; outcome: NonNullable<TenantVideo['outcome']> };

async function start(
  ports: ServePorts,
  tenant: Tenant,
  { request, options }: { request: VideoRequest; options: CreateOptions },
): Promise<Started> {
  const { key, receivedAt, retryCount } = options;
  if (key !== undefined) {
    const id = keyedApiId(tenant.name, key);
    return { id, outcome: await startAs(ports, tenant, { id, request, options }) };
  }
  const find = (id: string) =>
    orNull(() => ports.temporal.workflow.getHandle(workflowIdOf(tenant, id)).describe());
  const { id, isNew } = await startUnkeyed(
    {
      find,
      startNew: async (newId, { byRetry }) => {
        await startAs(ports, tenant, { id: newId, request, options, mustBeNew: true, byRetry });
      },
    },
    {
      tenant: tenant.name,
      digest: requestDigest(request),
      mode: ports.withoutKey,
      retryCount: retryCount ?? 0,
      receivedAt,
    },
  );
  if (isNew) return { id, outcome: 'started' };
  const { status } = await ports.read(workflowIdOf(tenant, id), { isDetailed: false });
  return { id, outcome: status.phase === 'stored' ? 'cached' : 'joined' };
}

interface StartAs extends Pick<StartVideoOptions, 'mustBeNew'> {
  id: string;
  request: VideoRequest;
  options: CreateOptions;
  byRetry?: boolean;
}

async function startAs(
  { videos }: ServePorts,
  { name }: Tenant,
  { id, request, options, mustBeNew = false, byRetry = false }: StartAs,
): Promise<Started['outcome']> {
  const { tags, priority } = options;
  const { outcome } = await videos.start(request, {
    key: `@${name}/${id}`,
    mustBeNew,
    memo: { [httpMemoName]: httpMemo(request, { byRetry }) },
    fairnessKey: name,
    tags: [tenantTag(name), ...tags],
    ...(priority && { priority }),
  });
  return outcome;
}

/** The tag of a tenant's videos. Its caps are those of `onetake limits set --tag`. */
export function tenantTag(name: string): string {
  return `tenant:${name}`;
}

/** Waits until the gateway has accepted the job. @throws {ApiError} It was refused at no cost. */
async function waitForSubmit(
  { videos }: ServePorts,
  videoId: string,
  timeoutMs: number,
): Promise<void> {
  const accepted = new AbortController();
  const end = await videos
    .wait(videoId, {
      timeoutMs,
      signal: accepted.signal,
      onStatus: ({ phase }) => {
        if (phase !== 'waiting' && phase !== 'submitting') accepted.abort();
      },
    })
    .catch((error: unknown) => {
      if (accepted.signal.aborted) return null;
      throw error;
    });
  if (end?.outcome !== 'failed' || end.failure.jobId !== undefined) return;
  const refused = refusalError(end.failure);
  if (refused) throw refused;
}

/**
 * An OpenAI client repeats a request that got 503. Without a key, and if retries are not recognised, a repeated request
 * would be a second video.
 */
function repeatable(error: unknown, { withoutKey }: ServePorts, options: CreateOptions): unknown {
  const isSafe =
    options.key !== undefined ||
    withoutKey === 'identical' ||
    (withoutKey === 'retries' && options.retryCount !== null);
  if (isSafe || (error instanceof VideoClientError && error.kind !== 'temporal_unavailable')) {
    return error;
  }
  const known = toApiError(error);
  if (known.status < 500) return error;
  const { status, code, message } = known;
  return new ApiError(status, code, { ...known.options, message, isFinal: true });
}
