import { ApplicationFailure } from '@temporalio/common';
import type { SubmitFailure, SubmittedVideo, SubmitVideoInput } from '../../contract/activities.ts';
import { failures } from '../../contract/failure.ts';
import type { RequestWarning } from '../../contract/video-request.ts';
import {
  jobOfClaim,
  mayBeBilled,
  unknownDigest,
  type NewClaim,
  type SubmitClaim,
} from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import { refusedRequest } from './check-submit.ts';
import type { EarlierRuns } from './earlier-runs.ts';
import type { StoredBefore } from './stored-before.ts';
import { describeError, submitFailed } from '../to-application-failure.ts';

export interface FoundClaim {
  /** The key of the submit, or the spelling under which an earlier version has made the claim. */
  claimKey: string;
  found: SubmitClaim | 'closed' | null;
}

/** Looks up the claim of a submit. @throws {ApplicationFailure} The claims cannot be read; nothing was sent. */
export function findClaim(
  claims: Pick<SubmitClaims, 'find'>,
  { claimKey, spelledId }: Pick<SubmitVideoInput, 'claimKey' | 'spelledId'>,
  warnings: RequestWarning[] = [],
): Promise<FoundClaim> {
  return beforeSending(warnings, async () => {
    if (spelledId !== undefined && spelledId.normalize('NFC') === claimKey) {
      const found = await claims.find(spelledId);
      if (found && found !== 'closed') return { claimKey: spelledId, found };
    }
    return { claimKey, found: await claims.find(claimKey) };
  });
}

/**
 * If the earlier run of this key ended in a failure that was or may have been billed, a start under the same id does
 * not resume it: the same failure is returned, with what to do about it. If the server cannot be asked, the claim
 * alone decides.
 */
export async function refuseAfterFailure(
  earlier: SubmitClaim,
  {
    claim,
    earlierRuns,
    warnings,
  }: { claim: NewClaim; earlierRuns: EarlierRuns; warnings: RequestWarning[] },
): Promise<void> {
  if (earlier.runId === claim.runId || !asksTheSame(earlier, claim)) return;
  const failure = await earlierRuns.failureOf(earlier).catch(() => null);
  if (!failure || failure.billed === 'no') return;
  const message = `Not started again, since this key was or may have been billed before: ${failure.message}`;
  throw submitFailed({ ...failure, outcome: 'refused', message, warnings });
}

function asksTheSame(earlier: SubmitClaim, claim: NewClaim): boolean {
  return earlier.requestDigest === claim.requestDigest && earlier.gateway === claim.gateway;
}

export interface EarlierAnswer {
  claim: NewClaim;
  warnings: RequestWarning[];
  deadlineMs: number;
}

/** Answers a submit from the existing claim instead of calling the gateway. */
export function answerFromClaim(
  earlier: SubmitClaim,
  { claim, warnings, deadlineMs, stored }: EarlierAnswer & { stored: StoredBefore | null },
): SubmittedVideo {
  const told = compared(earlier, { claim, warnings });
  if (earlier.gateway !== claim.gateway) {
    const message = `Key "${claim.claimKey}" was already used at "${earlier.gateway}", another gateway`;
    throw keyConflict(message, warnings);
  }
  const base = { warnings: told, deadlineMs, foundInClaim: true };
  if (stored) {
    const { jobId, video } = stored;
    return { jobId, submittedAt: earlier.claimedAt, ...base, stored: video };
  }
  const job = jobOfClaim(earlier);
  const { account } = earlier;
  if (job && earlier.endedWith) {
    return { ...job, ...(mayBeBilled(earlier) && { billedBefore: 'maybe' }), ...base };
  }
  if (job) return { ...job, ...(account && { account }), ...base };
  const since = new Date(earlier.claimedAt).toISOString();
  throw submitFailed({
    ...unknownOutcome(`A submit of this key was started at ${since}, and its outcome is not known`),
    warnings,
  });
}

/** Answers a submit from the stored video if its key has no claim. */
export function answerFromStored(
  { jobId, video, requestDigest, storedAt }: StoredBefore,
  { claim, warnings, deadlineMs }: EarlierAnswer,
): SubmittedVideo {
  const told = compared({ requestDigest }, { claim, warnings });
  const base = { submittedAt: storedAt, warnings: told, deadlineMs, foundInClaim: true };
  return { jobId, ...base, stored: video };
}

/** A stored file without a readable description: its request is unknown. */
export function unreadableVideo({ claimKey }: NewClaim, warnings: RequestWarning[]) {
  const message = `A video of key "${claimKey}" is stored, and neither a claim nor a readable sidecar says what it was made of: nothing was sent`;
  return keyConflict(message, warnings);
}

/**
 * Refuses a different request. If the request of the earlier submit is unknown, the video is returned with a warning.
 */
function compared(
  { requestDigest }: Pick<SubmitClaim, 'requestDigest'>,
  { claim, warnings }: Omit<EarlierAnswer, 'deadlineMs'>,
): RequestWarning[] {
  if (requestDigest === claim.requestDigest) return warnings;
  if (requestDigest === unknownDigest) return [...warnings, adoptedWarning];
  throw keyConflict(`Key "${claim.claimKey}" was already used for another request`, warnings);
}

const adoptedWarning: RequestWarning = {
  field: 'key',
  message: 'the video of this key was adopted: it is not known whether it was made of this request',
};

function keyConflict(message: string, warnings: RequestWarning[]) {
  return submitFailed({
    kind: 'key_conflict',
    outcome: 'refused',
    billed: 'no',
    message,
    warnings,
  });
}

/** Failures before the POST cost nothing. */
export async function beforeSending<T>(
  warnings: RequestWarning[],
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    if (error instanceof RangeError) throw refusedRequest(error.message, warnings);
    const failure = describeError(error, 'storage_unavailable');
    throw submitFailed({ ...failure, billed: 'no', outcome: 'not_accepted', warnings });
  }
}

/** An outcome that is neither accepted nor provably free of charge. */
export function unknownOutcome(message: string): SubmitFailure {
  return {
    kind: 'submit_unknown',
    outcome: 'unknown',
    billed: failures.submit_unknown.billed,
    message,
  };
}
