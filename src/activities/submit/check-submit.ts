import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { SubmitVideoInput } from '../../contract/activities.ts';
import { evaluateRequest, type HostGeneration } from '../../contract/models/evaluate-request.ts';
import { readRequest, readRequestForm } from '../../contract/read-request.ts';
import type { RequestWarning, VideoRequest } from '../../contract/video-request.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import type { NewClaim } from '../../storage/claims/claim.ts';
import { submitFailed } from '../to-application-failure.ts';

/** What a submit asks for, checked once. */
export interface CheckedSubmit {
  request: VideoRequest;
  requestDigest: string;
  /** What the gateway will change or drop. */
  warnings: RequestWarning[];
  /** Why today's rules do not let it be sent. */
  refusal?: string;
}

/**
 * Other services start workflows by name, so the worker checks again what the client has checked. It refuses what is no
 * request; what breaks rules of values may have been paid under those of an earlier version, and is answered then.
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

/** The form of a request alone. @throws {ApplicationFailure} */
export function parseRequest(given: unknown): VideoRequest {
  const read = readRequestForm(given);
  if (read.ok) return read.request;
  throw refusedRequest(invalid(read));
}

function invalid({ field, message }: { field: string; message: string }): string {
  return `Invalid request at "${field}": ${message}`;
}

/** The claim of this run for a submit. */
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

/** Permanent, and surely not billed. */
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
