import { fullVideoId } from '../../client/describe-video.ts';
import { VideoClientError } from '../../client/video-client-error.ts';
import type { StartedVideo } from '../../client/video-client.ts';
import { takeCallback } from '../../contract/callback-url.ts';
import { requestMemo } from '../../contract/request-memo.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import { keyedApiId } from '../../identity/tenant-video.ts';
import { ApiError } from '../http/api-error.ts';
import { refusalError, toApiError } from '../http/error-table.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { fromRun, workflowIdOf } from './find-video.ts';
import { unkeyedId } from './unkeyed-start.ts';
import { wasDeleted } from './deleted-videos.ts';
import { hasEnded, type TenantVideo } from './video-object.ts';

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

interface Given {
  request: VideoRequest;
  options: CreateOptions;
}

/** Starts a video of a tenant, or returns the one that has the key or is the earlier attempt of this request. */
export async function createVideo(
  ports: ServePorts,
  tenant: Tenant,
  given: Given,
): Promise<TenantVideo> {
  const { options } = given;
  const started = await start(ports, tenant, given).catch((error: unknown) => {
    throw repeatable(error, ports, options);
  });
  const { id, outcome, warnings } = started;
  const video = await afterStart(ports, workflowIdOf(tenant, id), options).catch(
    (error: unknown) => {
      if (error instanceof ApiError) throw error;
      // The video is started. An error would make clients start another one.
      ports.onError(error, id);
      return unreadVideo(tenant, given, { id, receivedAt: options.receivedAt });
    },
  );
  return { ...video, status: { warnings, ...video.status }, outcome };
}

/** Without a wait, no worker is needed for the answer. @throws {ApiError} The submit was refused at no cost. */
async function afterStart(
  ports: ServePorts,
  videoId: string,
  { waitMs }: CreateOptions,
): Promise<TenantVideo> {
  const isDetailed = waitMs > 0;
  if (isDetailed) await waitForSubmit(ports, videoId, waitMs);
  return fromRun(await ports.read(videoId, { isDetailed }));
}

/** A video that was started and could not be read. It may have been paid. */
function unreadVideo(
  tenant: Tenant,
  { request }: Given,
  { id, receivedAt }: { id: string; receivedAt: number },
): TenantVideo {
  return {
    status: {
      videoId: workflowIdOf(tenant, id),
      phase: 'submitting',
      billed: 'maybe',
      startedAt: new Date(receivedAt).toISOString(),
      live: false,
    },
    memo: requestMemo(request.body),
    createdAt: Math.floor(receivedAt / 1_000),
    completedAt: null,
  };
}

type Started = Pick<StartedVideo, 'outcome' | 'warnings'> & { id: string };

async function start(ports: ServePorts, tenant: Tenant, given: Given): Promise<Started> {
  const { key, receivedAt, retryCount } = given.options;
  if (key !== undefined)
    return startAs(ports, tenant, { ...given, id: keyedApiId(tenant.name, key) });
  const id = await unkeyedId(ports.storage, {
    tenant: tenant.name,
    digest: unkeyedDigest(given.request, ports.withoutKey),
    mode: ports.withoutKey,
    retryCount: retryCount ?? 0,
    receivedAt,
  });
  try {
    return await startAs(ports, tenant, { ...given, id });
  } catch (error) {
    // An earlier attempt has failed in the meantime. Its failure is the answer, as it would have been then.
    if (error instanceof VideoClientError && error.kind === 'may_be_billed') {
      return { id, outcome: 'joined', warnings: [] };
    }
    throw error;
  }
}

/**
 * Identical requests make one video, whatever each calls back. Otherwise only the retries of a request join it: they have
 * its `callback_url`, by which they are told from those of an equal one.
 */
function unkeyedDigest(request: VideoRequest, mode: ServePorts['withoutKey']): string {
  return requestDigest(mode === 'identical' ? takeCallback(request).request : request);
}

async function startAs(
  { videos, storage }: ServePorts,
  tenant: Tenant,
  { id, request, options: { tags, priority } }: Given & { id: string },
): Promise<Started> {
  const { name } = tenant;
  const key = `@${name}/${id}`;
  if (await wasDeleted(storage, fullVideoId(key))) {
    const message =
      'The video with this key was deleted; use another key to make and pay for a new one';
    throw new ApiError(409, 'deleted', { message, isFinal: true });
  }
  const { outcome, warnings } = await videos.start(request, {
    key,
    fairnessKey: name,
    tags: [tenantTag(name), ...tags.map((tag) => ownTag(tenant, tag))],
    ...(priority && { priority }),
  });
  return { id, outcome, warnings };
}

/** The tag of a tenant's videos. Its caps are those of `onetake limits set --tag`. */
export function tenantTag(name: string): string {
  return `tenant:${name}`;
}

/** Caps count by tag: the tag of a tenant must not be counted with that of another one. */
function ownTag({ name, keyId }: Tenant, tag: string): string {
  return keyId === null ? tag : `${name}/${tag}`;
}

/** Waits until the gateway has accepted the job, or the server stops. @throws {ApiError} It was refused at no cost. */
async function waitForSubmit(
  { videos, closing }: ServePorts,
  videoId: string,
  timeoutMs: number,
): Promise<void> {
  const accepted = new AbortController();
  const signal = AbortSignal.any([accepted.signal, closing]);
  const end = await videos
    .wait(videoId, {
      timeoutMs,
      signal,
      onStatus: ({ phase }) => {
        const isUndecided = phase === 'waiting' || phase === 'submitting';
        // A refused submit ends the run, which ends the wait.
        if (!isUndecided && !hasEnded({ phase })) accepted.abort();
      },
    })
    .catch((error: unknown) => {
      if (signal.aborted) return null;
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
