import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { SubmitVideoInput } from '../../contract/activities.ts';
import { evaluateRequest, type HostGeneration } from '../../contract/models/evaluate-request.ts';
import { readRequest, readRequestForm } from '../../contract/read-request.ts';
import type { RequestWarning, VideoRequest } from '../../contract/video-request.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import type { NewClaim } from '../../storage/claims/claim.ts';
import { submitFailed } from '../to-application-failure.ts';

/** A submit that has passed the checks. */
export interface CheckedSubmit {
  request: VideoRequest;
  requestDigest: string;
  /** What the gateway will change or ignore. */
  warnings: RequestWarning[];
  /** Why the current rules refuse to send it. */
  refusal?: string;
}

/**
 * Other services start workflows by name, so the worker repeats the checks of the client. An invalid request is
 * refused here. A request that breaks only rules on values is passed on with its `refusal`, because it may already be
 * paid for under the rules of an earlier version.
 *
 * @throws {ApplicationFailure}
 */
export function checkSubmit(
  { request: given, sendAnyway }: Pick<SubmitVideoInput, 'request' | 'sendAnyway'>,
  host?: HostGeneration,
): CheckedSubmit {
  const strict = readRequest(given);
  const read = strict.ok ? strict : readRequestForm(given);
  if (!read.ok) throw refusedRequest(invalid(read));
  const { request } = read;
  const { warnings, refusals } = evaluateRequest(request, { sendAnyway, host });
  const [first] = refusals;
  const unsound = first && `The gateway would refuse "${first.field}": ${first.message}`;
  const refusal = strict.ok ? unsound : invalid(strict);
  return {
    request,
    requestDigest: requestDigest(request),
    warnings,
    ...(refusal !== undefined && { refusal }),
  };
}

/** Checks only the form of a request. @throws {ApplicationFailure} */
export function parseRequest(given: unknown): VideoRequest {
  const read = readRequestForm(given);
  if (read.ok) return read.request;
  throw refusedRequest(invalid(read));
}

function invalid({ field, message }: { field: string; message: string }): string {
  return `Invalid request at "${field}": ${message}`;
}

/** The claim that this run makes for a submit. */
export function newClaim(
  { request, requestDigest: digest }: Pick<CheckedSubmit, 'request' | 'requestDigest'>,
  rest: Pick<NewClaim, 'claimKey' | 'gateway' | 'account' | 'claimedAt' | 'admission'>,
): NewClaim {
  const { workflowExecution } = Context.current().info;
  return {
    ...rest,
    requestDigest: digest,
    workflowId: workflowExecution?.workflowId ?? rest.claimKey,
    runId: workflowExecution?.runId ?? '',
    format: request.format,
    model: request.body.model,
  };
}

/** A permanent failure that was not billed. */
export function refusedRequest(
  message: string,
  warnings: RequestWarning[] = [],
): ApplicationFailure {
  return submitFailed({
    kind: 'invalid_request',
    outcome: 'refused',
    billed: 'no',
    message,
    warnings,
  });
}
