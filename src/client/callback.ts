import type { Client } from '@temporalio/client';
import { takeCallback, type CheckCallback } from '../contract/callback-url.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { videoId, type VideoIdentity } from '../identity/workflow-id.ts';
import { isKnown } from './describe-video.ts';
import { VideoClientError } from './video-client-error.ts';

const field = 'callback_url';

/** A request, and the callback that was taken out of it. */
export interface TakenCallback {
  /** Without `callback_url`. */
  request: VideoRequest;
  callbackUrl?: string;
}

/** Takes the `callback_url` out of a request. @throws {VideoClientError} `invalid_request`: it is not text */
export function takeCallbackUrl(given: VideoRequest): TakenCallback {
  const { request, given: callbackUrl } = takeCallback(given);
  if (callbackUrl === undefined) return { request };
  if (typeof callbackUrl === 'string') return { request, callbackUrl };
  throw invalidCallback('must be a text, the https address to call');
}

/** Checks it before anything is started. Without a check, the worker does it before it spends. */
export async function demandCallback(
  check: CheckCallback | undefined,
  { url, workflowId }: { url: string | undefined; workflowId: string },
): Promise<void> {
  const fault = url === undefined ? null : await check?.({ url, workflowId });
  if (fault) throw invalidCallback(fault);
}

/**
 * The request by which a video without a key is named. Versions before webhooks named it with its `callback_url`: if such
 * a video is known, it is the same one, and is not paid again.
 */
export async function namingRequest(
  client: Client,
  { request, given }: { request: VideoRequest; given: VideoRequest },
  { key, take }: VideoIdentity,
): Promise<VideoRequest> {
  if (request === given || key !== undefined) return request;
  const former = videoId(given, take === undefined ? {} : { take });
  return (await isKnown(client, former)) ? given : request;
}

function invalidCallback(fault: string): VideoClientError {
  return new VideoClientError('invalid_request', `"${field}": ${fault}`, {
    field: `body.${field}`,
  });
}
