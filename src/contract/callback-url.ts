import type { GenerateVideoInput } from './messages.ts';
import type { VideoRequest } from './video-request.ts';

/**
 * The field of a body, `callback_url`, that names an address to call when the video ends. onetake calls it itself: it is
 * never sent to the gateway, where several vendors refuse it. `metadata.callback_url` is the vendor's, and is sent.
 */
const field = 'callback_url';

/** A callback that a request asks for. */
export interface AskedCallback {
  url: string;
  /** Workflow id of the video. */
  workflowId: string;
}

/** Why a callback must not be called; null if it may be called. Rejects if that cannot be determined. */
export type CheckCallback = (callback: AskedCallback) => Promise<string | null>;

/**
 * The request as it is sent, and what its `callback_url` was. Unset, null and empty text are no callback.
 *
 * @param request May be no valid request yet; then it is returned as it is.
 */
export function takeCallback(request: VideoRequest): { request: VideoRequest; given?: unknown } {
  const whole = (request as Partial<VideoRequest> | null)?.body as unknown;
  if (typeof whole !== 'object' || whole === null || !(field in whole)) return { request };
  const { [field]: given, ...rest } = request.body;
  const body = rest as VideoRequest['body'];
  return { request: { ...request, body }, ...(given !== null && given !== '' && { given }) };
}

/**
 * The callbacks of a video, those of callers that joined last. The client takes them out of the body; a start by name and
 * a row of a batch have them there.
 */
export function callbackUrlsOf({
  request,
  callbackUrls = [],
  joinedCallbackUrls = [],
}: Pick<GenerateVideoInput, 'request' | 'callbackUrls' | 'joinedCallbackUrls'>): string[] {
  const { given } = takeCallback(request);
  const all = [...callbackUrls, ...(given === undefined ? [] : [given]), ...joinedCallbackUrls];
  return [...new Set(all.filter((url) => typeof url === 'string'))];
}

/** Of all callbacks of a run, those of callers that joined: only the others are checked at the submit. */
export function joinedOf(
  { request, callbackUrls = [] }: Pick<GenerateVideoInput, 'request' | 'callbackUrls'>,
  all: readonly string[],
): string[] {
  const own = new Set(callbackUrlsOf({ request, callbackUrls }));
  return all.filter((url) => !own.has(url));
}
