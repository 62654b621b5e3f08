import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { SubmitFailure, SubmittedVideo, VideoActivities } from '../contract/activities.ts';
import { checkRequest } from '../contract/check-request.ts';
import { failures } from '../contract/failure.ts';
import { readRequest } from '../contract/read-request.ts';
import type { RequestWarning, VideoRequest } from '../contract/video-request.ts';
import type { AcceptedJob, Gateway } from '../gateway/gateway.ts';
import { GatewayError } from '../gateway/gateway-error.ts';
import { requestDigest } from '../request-digest.ts';
import type { StoredImages } from '../storage/stored-images.ts';
import type { ClaimOutcome, SubmitClaim, SubmitClaims } from '../storage/submit-claims.ts';
import { inlineImages } from './inline-images.ts';
import { describeError, submitFailed } from './to-application-failure.ts';

/** Between the HTTP limit and the activity's own: time to write the outcome into the claim. */
const recordingMarginMs = 5_000;

export interface SubmitVideoOptions {
  gateway: Gateway;
  claims: SubmitClaims;
  images: StoredImages;
  /** The worker's deadline for a video, told to the workflow with the answer. */
  deadlineMs: number;
  now?: () => number;
}

type Claim = Omit<SubmitClaim, 'outcome'>;

/**
 * The paid POST, at most one for a claim key, ever: the claim is made before it, and a claim that is there already
 * answers instead of the gateway.
 *
 * Fails with a `SubmitFailure` in `details[0]`, never retryable: only the workflow decides to ask again.
 */
export function createSubmitVideo(options: SubmitVideoOptions): VideoActivities['submitVideo'] {
  const { gateway, claims, images, deadlineMs, now = Date.now } = options;
  return async (input) => {
    const request = parseRequest(input.request);
    const warnings = checkedWarnings(request);
    const sendable = await beforeSending(warnings, () => inlineImages(request, images));
    stopIfCancelled();
    const claim = newClaim({
      claimKey: input.claimKey,
      gateway: gateway.origin,
      request,
      claimedAt: now(),
    });
    const earlier = await beforeSending(warnings, () => claims.acquire(claim));
    if (earlier) return answerFromClaim({ earlier, claim, warnings, deadlineMs });
    try {
      const job = await gateway.submit(sendable, { timeoutMs: httpTimeoutMs() });
      const submittedAt = claim.claimedAt;
      await record(claims, claim, accepted(job, submittedAt));
      return submitted({ job, submittedAt, warnings, deadlineMs });
    } catch (error) {
      const failure = await settle(claims, claim, error);
      throw submitFailed({ ...failure, warnings });
    }
  };
}

/** Other services start workflows by name, so the worker checks again what the client has checked. */
function parseRequest(given: unknown): VideoRequest {
  const read = readRequest(given);
  if (read.ok) return read.request;
  throw refused(`Invalid request at "${read.field}": ${read.message}`);
}

function checkedWarnings(request: VideoRequest): RequestWarning[] {
  const { refusals, warnings } = checkRequest(request);
  const [first] = refusals;
  if (first) throw refused(`The gateway would refuse "${first.field}": ${first.message}`, warnings);
  return warnings;
}

function refused(message: string, warnings: RequestWarning[] = []) {
  return submitFailed({
    kind: 'invalid_request',
    outcome: 'refused',
    billed: 'no',
    message,
    warnings,
  });
}

/** Whatever goes wrong before the POST costs nothing. */
async function beforeSending<T>(warnings: RequestWarning[], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RangeError) throw refused(error.message, warnings);
    const failure = describeError(error, 'storage_unavailable');
    throw submitFailed({ ...failure, billed: 'no', outcome: 'not_accepted', warnings });
  }
}

function stopIfCancelled(): void {
  if (Context.current().cancellationSignal.aborted) {
    throw new CancelledFailure('Cancelled before anything was sent');
  }
}

function newClaim({
  request,
  ...rest
}: Pick<Claim, 'claimKey' | 'gateway' | 'claimedAt'> & { request: VideoRequest }): Claim {
  const { workflowExecution } = Context.current().info;
  return {
    ...rest,
    requestDigest: requestDigest(request),
    workflowId: workflowExecution?.workflowId ?? '',
    runId: workflowExecution?.runId ?? '',
    format: request.format,
    model: request.body.model,
  };
}

function httpTimeoutMs(): number {
  const { startToCloseTimeoutMs } = Context.current().info;
  return Math.max(
    1_000,
    startToCloseTimeoutMs - Math.min(recordingMarginMs, startToCloseTimeoutMs / 4),
  );
}

function answerFromClaim({
  earlier,
  claim,
  warnings,
  deadlineMs,
}: {
  earlier: SubmitClaim;
  claim: Claim;
  warnings: RequestWarning[];
  deadlineMs: number;
}): SubmittedVideo {
  if (earlier.requestDigest !== claim.requestDigest) {
    const message = `Key "${claim.claimKey}" was already used for another request`;
    throw submitFailed({
      kind: 'key_conflict',
      outcome: 'refused',
      billed: 'no',
      message,
      warnings,
    });
  }
  if (earlier.gateway !== claim.gateway) {
    const message = `Key "${claim.claimKey}" was already used at "${earlier.gateway}", another gateway`;
    throw submitFailed({
      kind: 'key_conflict',
      outcome: 'refused',
      billed: 'no',
      message,
      warnings,
    });
  }
  if (earlier.outcome.state === 'accepted') {
    const { jobId, submittedAt } = earlier.outcome;
    return { jobId, submittedAt, warnings, deadlineMs, foundInClaim: true };
  }
  const since = new Date(earlier.claimedAt).toISOString();
  throw submitFailed({
    ...unknownOutcome(`A submit of this key was begun at ${since} and its outcome is not known`),
    warnings,
  });
}

function submitted(given: {
  job: AcceptedJob;
  submittedAt: number;
  warnings: RequestWarning[];
  deadlineMs: number;
}): SubmittedVideo {
  const { job, ...rest } = given;
  return {
    ...rest,
    jobId: job.jobId,
    foundInClaim: false,
    ...(job.requestId !== undefined && { requestId: job.requestId }),
    ...(job.chargedRatios !== undefined && { chargedRatios: job.chargedRatios }),
  };
}

function accepted(job: AcceptedJob, submittedAt: number): ClaimOutcome {
  return {
    state: 'accepted',
    jobId: job.jobId,
    submittedAt,
    ...(job.requestId !== undefined && { requestId: job.requestId }),
  };
}

/** Writes a failed POST into its claim: a harmless one frees the key, any other keeps it closed. */
async function settle(claims: SubmitClaims, claim: Claim, error: unknown): Promise<SubmitFailure> {
  const outcome = error instanceof GatewayError ? (error.submitOutcome ?? 'unknown') : 'unknown';
  const failure = describeError(error, 'submit_unknown');
  if (outcome === 'unknown') {
    await record(claims, claim, {
      state: 'unknown',
      message: failure.message,
      ...(failure.requestId !== undefined && { requestId: failure.requestId }),
    });
    return { ...failure, ...unknownOutcome(failure.message) };
  }
  await claims.release(claim.claimKey).catch(logUnrecorded);
  const retryAfterMs = error instanceof GatewayError ? error.retryAfterMs : undefined;
  return { ...failure, outcome, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** A claim that cannot be written stays "sent": the next submit of the key is unknown, and none is sent. */
async function record(claims: SubmitClaims, claim: Claim, outcome: ClaimOutcome): Promise<void> {
  await claims.record(claim, outcome).catch(logUnrecorded);
}

function logUnrecorded(error: unknown): void {
  Context.current().log.error('The outcome of a submit could not be written into its claim', {
    error,
  });
}

function unknownOutcome(message: string): SubmitFailure {
  return {
    kind: 'submit_unknown',
    outcome: 'unknown',
    billed: failures.submit_unknown.billed,
    message,
  };
}
