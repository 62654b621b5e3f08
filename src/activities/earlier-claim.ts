import type { SubmitFailure, SubmittedVideo } from '../contract/activities.ts';
import { failures } from '../contract/failure.ts';
import type { RequestWarning } from '../contract/video-request.ts';
import type { SubmitClaim } from '../storage/submit-claims.ts';
import type { EarlierRuns } from './earlier-runs.ts';
import type { StoredBefore } from './stored-before.ts';
import { submitFailed } from './to-application-failure.ts';

type Claim = Omit<SubmitClaim, 'outcome'>;

/**
 * A key whose run ended in a failure that was, or may have been, billed is not taken up again by a start under the same
 * id: the failure is told once more, with its ways out. A server that cannot be asked changes nothing about money.
 */
export async function refuseAfterFailure(
  earlier: SubmitClaim,
  {
    claim,
    earlierRuns,
    warnings,
  }: { claim: Claim; earlierRuns: EarlierRuns; warnings: RequestWarning[] },
): Promise<void> {
  if (earlier.runId === claim.runId || !asksTheSame(earlier, claim)) return;
  const failure = await earlierRuns.failureOf(earlier).catch(() => null);
  if (!failure || failure.billed === 'no') return;
  const message = `Not started again, since this key was or may have been billed before: ${failure.message}`;
  throw submitFailed({ ...failure, outcome: 'refused', message, warnings });
}

function asksTheSame(earlier: SubmitClaim, claim: Claim): boolean {
  return earlier.requestDigest === claim.requestDigest && earlier.gateway === claim.gateway;
}

/** What a claim that is there already says in place of the gateway. */
export function answerFromClaim({
  earlier,
  claim,
  warnings,
  deadlineMs,
  stored,
}: {
  earlier: SubmitClaim;
  claim: Claim;
  warnings: RequestWarning[];
  deadlineMs: number;
  stored: StoredBefore | null;
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
  if (stored) {
    const { jobId, video } = stored;
    const submittedAt = earlier.claimedAt;
    return { jobId, submittedAt, warnings, deadlineMs, foundInClaim: true, stored: video };
  }
  if (earlier.outcome.state === 'accepted') {
    const { jobId, submittedAt } = earlier.outcome;
    const { account } = earlier;
    const known = { jobId, submittedAt, ...(account && { account }) };
    return { ...known, warnings, deadlineMs, foundInClaim: true };
  }
  const since = new Date(earlier.claimedAt).toISOString();
  throw submitFailed({
    ...unknownOutcome(`A submit of this key was begun at ${since} and its outcome is not known`),
    warnings,
  });
}

/** Neither accepted nor surely harmless. */
export function unknownOutcome(message: string): SubmitFailure {
  return {
    kind: 'submit_unknown',
    outcome: 'unknown',
    billed: failures.submit_unknown.billed,
    message,
  };
}
