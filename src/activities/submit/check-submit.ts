import type { ApplicationFailure } from '@temporalio/common';
import { type EvaluateOptions, evaluateRequest } from '../../contract/models/evaluate-request.ts';
import { readRequest, readRequestForm } from '../../contract/read-request.ts';
import type { RequestWarning, VideoRequest } from '../../contract/video-request.ts';
import { submitFailed } from '../to-application-failure.ts';

/**
 * Other services start workflows by name, so the worker checks again what the client has checked. The form only: what was
 * paid under the rules of an earlier version is answered, see {@link refuseUnsound}.
 */
export function parseRequest(given: unknown): VideoRequest {
  const read = readRequestForm(given);
  if (read.ok) return read.request;
  throw refused(`Invalid request at "${read.field}": ${read.message}`);
}

/** By which rules, and whether they are overruled. */
type Judging = Pick<EvaluateOptions, 'sendAnyway' | 'host'>;

export function checkedWarnings(request: VideoRequest, given: Judging): RequestWarning[] {
  return evaluateRequest(request, given).warnings;
}

/** For a key without a claim: nothing was paid for it yet, so today's rules hold. @throws {ApplicationFailure} */
export function refuseUnsound(
  request: VideoRequest,
  { warnings, ...given }: Judging & { warnings: RequestWarning[] },
): void {
  const read = readRequest(request);
  if (!read.ok) throw refused(`Invalid request at "${read.field}": ${read.message}`, warnings);
  const [first] = evaluateRequest(request, given).refusals;
  if (first) throw refused(`The gateway would refuse "${first.field}": ${first.message}`, warnings);
}

/** Permanent, and surely not billed. */
export function refused(message: string, warnings: RequestWarning[] = []): ApplicationFailure {
  return submitFailed({
    kind: 'invalid_request',
    outcome: 'refused',
    billed: 'no',
    message,
    warnings,
  });
}
