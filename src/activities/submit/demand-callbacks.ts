import { Context } from '@temporalio/activity';
import { callbackUrlsOf, type CheckCallback } from '../../contract/callback-url.ts';
import type { KeyedSubmit } from '../admission/request-admission.ts';
import { refusedRequest } from './check-submit.ts';
import { beforeSending } from './earlier-claim.ts';

/**
 * Refuses a request, at no cost, if one of its callbacks must not be called. A client without access to the endpoints
 * cannot check that, nor can a start by name.
 *
 * @throws {ApplicationFailure}
 */
export async function demandCallbacks(
  { checkCallback }: { checkCallback: CheckCallback },
  { input, request, claimKey, warnings }: KeyedSubmit,
): Promise<void> {
  const { workflowId = claimKey } = Context.current().info.workflowExecution ?? {};
  for (const url of callbackUrlsOf({ ...input, request })) {
    const fault = await beforeSending(warnings, () => checkCallback({ url, workflowId }));
    if (fault !== null)
      throw refusedRequest(`Invalid request at "body.callback_url": ${fault}`, warnings);
  }
}
