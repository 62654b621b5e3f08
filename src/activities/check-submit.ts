import type { ApplicationFailure } from '@temporalio/common';
import { checkRequest } from '../contract/check-request.ts';
import { readRequest } from '../contract/read-request.ts';
import type { RequestWarning, VideoRequest } from '../contract/video-request.ts';
import { submitFailed } from './to-application-failure.ts';

/** Other services start workflows by name, so the worker checks again what the client has checked. */
export function parseRequest(given: unknown): VideoRequest {
  const read = readRequest(given);
  if (read.ok) return read.request;
  throw refused(`Invalid request at "${read.field}": ${read.message}`);
}

export function checkedWarnings(request: VideoRequest): RequestWarning[] {
  const { refusals, warnings } = checkRequest(request);
  const [first] = refusals;
  if (first) throw refused(`The gateway would refuse "${first.field}": ${first.message}`, warnings);
  return warnings;
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
