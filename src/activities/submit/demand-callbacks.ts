import { Context } from '@temporalio/activity';
import { callbackUrlsOf, type CheckCallback } from '../../contract/callback-url.ts';
import type { SubmitVideoInput } from '../../contract/activities.ts';
import type { RequestWarning, VideoRequest } from '../../contract/video-request.ts';
import { refusedRequest } from './check-submit.ts';
import { beforeSending } from './earlier-claim.ts';

export interface CallbackCheck {
  /** Absent: callbacks are not checked. */
  checkCallback?: CheckCallback;
}

/** A submit of which nothing was sent yet. */
interface SubmitToCheck {
  input: SubmitVideoInput;
  request: VideoRequest;
  warnings?: RequestWarning[];
}

/**
 * Refuses a request, at no cost, if one of its callbacks must not be called. A client without access to the endpoints
 * cannot check that, nor can a start by name. Callers that joined the run later do not make it fail.
 *
 * @throws {ApplicationFailure}
 */
export async function demandCallbacks(
  { checkCallback }: CallbackCheck,
  { input, request, warnings = [] }: SubmitToCheck,
): Promise<void> {
  if (!checkCallback) return;
  const { workflowId = input.claimKey } = Context.current().info.workflowExecution ?? {};
  const { callbackUrls = [] } = input;
  for (const url of callbackUrlsOf({ request, callbackUrls })) {
    const fault = await beforeSending(warnings, () => checkCallback({ url, workflowId }));
    if (fault !== null)
      throw refusedRequest(`Invalid request at "body.callback_url": ${fault}`, warnings);
  }
}
