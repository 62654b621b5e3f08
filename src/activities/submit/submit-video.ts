import { Context } from '@temporalio/activity';
import type { SubmitFailure, SubmittedVideo } from '../../contract/activities.ts';
import type { CheckCallback } from '../../contract/callback-url.ts';
import type { GatewayAccount } from '../../contract/gateway-account.ts';
import type { RequestWarning, VideoRequest } from '../../contract/video-request.ts';
import type { AcceptedJob, Gateway } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { inlineDataUris } from '../../identity/stored-data-uris.ts';
import type { JobOwners } from '../../storage/claims/job-owners.ts';
import type { StoredImages } from '../../storage/records/stored-images.ts';
import type { ClaimOutcome, NewClaim, SubmitClaim } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import type { SubmitThrottle } from '../../storage/records/submit-throttle.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { accepted, submitted } from './accepted-job.ts';
import type { AdmittedSubmit } from '../admission/request-admission.ts';
import { demandCallbacks } from './demand-callbacks.ts';
import type { CheckSpace } from './check-space.ts';
import { newClaim, refusedRequest } from './check-submit.ts';
import {
  answerFromClaim,
  beforeSending,
  refuseAfterFailure,
  unknownOutcome,
} from './earlier-claim.ts';
import type { EarlierRuns } from './earlier-runs.ts';
import {
  acquireOpen,
  leaveRefunded,
  leaveToNext,
  nothingSent,
  stopIfCancelled,
} from './never-sent.ts';
import { createOwnCallback, type OwnCallback } from './own-callback.ts';
import { sendableRequest } from './sendable-request.ts';
import { heldBack, holdOthers, limitOf } from './shared-limit.ts';
import { storedBefore } from './stored-before.ts';
import { describeError, submitFailed } from '../to-application-failure.ts';

/** Time between the HTTP limit and the activity timeout, for writing the outcome into the claim. */
const recordingMarginMs = 5_000;
/** A POST is not started with less time left. */
const leastTimeMs = 1_000;
/** Each exchange of an upload gets a quarter of the remaining time, so that half of it is left for the POST. */
const uploadShare = 4;
const tooLate = 'The time limit left no time for the POST: nothing was sent';
const claimGone = 'The earlier claim no longer exists: nothing was sent';

export interface SubmitVideoOptions {
  gateway: Gateway;
  /** The account of the worker's API key. */
  account: GatewayAccount;
  claims: SubmitClaims;
  owners: Pick<JobOwners, 'take'>;
  images: StoredImages;
  throttle: SubmitThrottle;
  earlierRuns: EarlierRuns;
  storage: Pick<VideoStorage, 'head' | 'readSmall' | 'uriOf'>;
  checkSpace: CheckSpace;
  checkCallback: CheckCallback;
  /** Default: no callback. */
  callback?: OwnCallback;
  /** The worker's deadline for a video, returned to the workflow with the job. */
  deadlineMs: number;
  now?: () => number;
}

/**
 * Sends the paid POST, at most once per claim key: the claim is made first, and if a claim exists already, it answers
 * instead of the gateway.
 *
 * Fails with a `SubmitFailure` in `details[0]`, never retryable: only the workflow decides whether to submit again.
 */
export function createSubmitVideo(
  options: SubmitVideoOptions,
): (submit: AdmittedSubmit) => Promise<SubmittedVideo> {
  const { gateway, account, claims, throttle, deadlineMs, now = Date.now } = options;
  const { callback = createOwnCallback({ url: undefined }) } = options;
  return async (submit) => {
    const { request, warnings, refusal, claimKey, startedAt, admission } = submit;
    // The current rules apply only to requests that were not paid for. A closed key counts as paid: a later claim may
    // answer for it.
    const claimed = submit.found !== null;
    if (!claimed && refusal !== undefined) throw refusedRequest(refusal, warnings);
    const timing = { startedAt, nowMs: now() };
    if (!claimed) await demandCallbacks(options, submit);
    const prepared = claimed ? null : await prepare(options, { request, warnings, ...timing });
    stopIfCancelled();
    const claim = newClaim(submit, {
      ...(admission && { admission }),
      claimKey,
      gateway: gateway.origin,
      account,
      claimedAt: now(),
    });
    const earlier = await beforeSending(warnings, () => acquireOpen(claims, claim));
    if (earlier) return answerEarlier(options, { earlier, claim, warnings });
    const timeoutMs = timeLeftMs(startedAt, now());
    if (!prepared || timeoutMs < leastTimeMs) {
      await claims.release(claim).catch(logUnrecorded);
      throw submitFailed(nothingSent(prepared ? tooLate : claimGone));
    }
    const sent = callback.addTo(prepared);
    try {
      const job = await gateway.submit(sent, { timeoutMs });
      const taken = await keep(job, claim, options);
      const told = sent === prepared ? {} : ({ told: true } as const);
      return submitted({ job, claim, warnings: [...warnings, ...taken], deadlineMs, ...told });
    } catch (error) {
      const failure = await settle(claims, claim, callback.explain(sent, error));
      const moment = { model: claim.model, nowMs: now(), sentAtMs: claim.claimedAt };
      await holdOthers(throttle, failure, moment).catch(logUnrecorded);
      throw submitFailed({ ...failure, warnings });
    }
  };
}

/**
 * Prepares the request, unless limits or space hold it back. Not used for a key with a claim: that key is or may be
 * paid already, so limits no longer apply and nothing is uploaded.
 */
async function prepare(
  { throttle, checkSpace, images, gateway }: SubmitVideoOptions,
  given: { request: VideoRequest; warnings: RequestWarning[]; startedAt: number; nowMs: number },
): Promise<VideoRequest> {
  const { request, warnings, startedAt, nowMs } = given;
  const { model } = request.body;
  const held = await beforeSending(
    warnings,
    async () => (await heldBack(throttle, { model, nowMs })) ?? checkSpace(request),
  );
  if (held) throw submitFailed({ ...held, warnings });
  const timeoutMs = Math.max(leastTimeMs, Math.floor(timeLeftMs(startedAt, nowMs) / uploadShare));
  return beforeSending(warnings, async () => {
    const inline = await inlineDataUris(request, images.getText);
    return sendableRequest(inline, { images, gateway, timeoutMs });
  });
}

/** Answers from an existing claim instead of calling the gateway. */
async function answerEarlier(
  { claims, earlierRuns, storage, deadlineMs }: SubmitVideoOptions,
  given: { earlier: SubmitClaim; claim: NewClaim; warnings: RequestWarning[] },
): Promise<SubmittedVideo> {
  const { earlier, claim, warnings } = given;
  const stored = await beforeSending(warnings, () => storedBefore(storage, claim.workflowId));
  if (!stored) {
    await beforeSending(warnings, () => leaveRefunded(claims, { earlier, claim }));
    await refuseAfterFailure(earlier, { claim, earlierRuns, warnings });
    await beforeSending(warnings, () => leaveToNext(claims, { earlier, claim }));
  }
  return answerFromClaim(earlier, { claim, warnings, deadlineMs, stored });
}

/**
 * The time left for the POST. A process that was frozen after its claim may resume when the workflow has already
 * declared the outcome unknown and somebody has resolved it: then it sends nothing and releases its claim.
 */
function timeLeftMs(startedAt: number, nowMs: number): number {
  const { startToCloseTimeoutMs } = Context.current().info;
  const marginMs = Math.min(recordingMarginMs, startToCloseTimeoutMs / 4);
  return startedAt + startToCloseTimeoutMs - marginMs - nowMs;
}

/**
 * Writes the outcome of a failed POST into its claim. If the POST certainly cost nothing, the claim is released, which
 * frees the key; otherwise the claim stays, and no other POST is sent for it.
 */
async function settle(
  claims: SubmitClaims,
  claim: NewClaim,
  error: unknown,
): Promise<SubmitFailure> {
  const outcome = error instanceof GatewayError ? (error.submitOutcome ?? 'unknown') : 'unknown';
  const failure = describeError(error, 'submit_unknown');
  if (outcome === 'unknown') {
    await record(claims, claim, {
      state: 'unknown',
      message: failure.message,
      ...(failure.requestId !== undefined && { requestId: failure.requestId }),
    });
    const answered = error instanceof GatewayError && error.answered;
    return { ...failure, ...unknownOutcome(failure.message), ...(answered && { answered }) };
  }
  await claims.release(claim).catch(logUnrecorded);
  const retryAfterMs = error instanceof GatewayError ? error.retryAfterMs : undefined;
  const limit = limitOf(failure);
  return {
    ...failure,
    outcome,
    ...(limit && { limit }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Records the accepted job. If that fails, the workflow still knows the job. */
async function keep(
  job: AcceptedJob,
  claim: NewClaim,
  { owners, claims, throttle }: Pick<SubmitVideoOptions, 'owners' | 'claims' | 'throttle'>,
): Promise<RequestWarning[]> {
  const warnings = await takeJob(owners, { jobId: job.jobId, videoId: claim.workflowId });
  await record(claims, claim, accepted(job, claim.claimedAt));
  await throttle.free(claim.model).catch(logUnrecorded);
  return warnings;
}

/** The job was created for this video, so any other owner has taken it by mistake. Both videos are delivered. */
async function takeJob(
  owners: SubmitVideoOptions['owners'],
  job: { jobId: string; videoId: string },
): Promise<RequestWarning[]> {
  const owner = await owners.take(job).catch(logUnrecorded);
  if (!owner || owner.videoId === job.videoId) return [];
  const details = { ...job, owner: owner.videoId };
  Context.current().log.error('Another video has adopted the job of this submit', details);
  const message = `the video "${owner.videoId}" has adopted this job, and delivers it as well: the job that it paid for itself may belong to no video`;
  return [{ field: 'job', message }];
}

/**
 * If the outcome cannot be written, the claim stays in state "sent": the next submit of the key ends as unknown and
 * sends nothing.
 */
async function record(claims: SubmitClaims, claim: NewClaim, outcome: ClaimOutcome): Promise<void> {
  await claims.record(claim, outcome).catch(logUnrecorded);
}

function logUnrecorded(error: unknown): void {
  Context.current().log.error('The outcome of a submit could not be written into its claim', {
    error,
  });
}
