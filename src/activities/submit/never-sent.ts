import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { SubmitFailure } from '../../contract/activities.ts';
import { nextClaimKey } from '../../contract/claim-key.ts';
import { failures } from '../../contract/failure.ts';
import {
  isRefunded,
  jobOfClaim,
  type NewClaim,
  type SubmitClaim,
} from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import { submitFailed } from '../to-application-failure.ts';

/** No worker reached the POST; submitting again costs nothing. */
export function nothingSent(message: string): SubmitFailure {
  return {
    kind: 'worker_lost',
    outcome: 'not_accepted',
    billed: failures.worker_lost.billed,
    message,
  };
}

/** An activity without heartbeats learns of a cancellation only when its worker shuts down. */
export function stopIfCancelled(): void {
  const { cancellationSignal, cancellationDetails } = Context.current();
  if (!cancellationSignal.aborted) return;
  if (cancellationDetails?.cancelRequested) {
    throw new CancelledFailure('Cancelled before anything was sent');
  }
  throw submitFailed(nothingSent('The worker stopped before anything was sent'));
}

/**
 * Returns null when this run has made the claim, otherwise the earlier claim.
 *
 * @throws {ApplicationFailure} `closedKey`: the next submit takes another key
 * @throws {StorageError}
 */
export async function acquireOpen(
  claims: SubmitClaims,
  claim: NewClaim,
): Promise<SubmitClaim | null> {
  const earlier = await claims.acquire(claim).catch(async (error: unknown) => {
    // The claim may have been written although the answer was lost: it is ours, and nothing was sent.
    await claims.release(claim).catch(() => {});
    throw error;
  });
  if (earlier !== 'closed') return earlier;
  const message = `Claim key "${claim.claimKey}" is closed: a submit of it was abandoned before it sent anything`;
  throw await closedKey(claims, { claim, message });
}

/**
 * Whether a closed key may have been billed follows from its later claims, also for a run that was reset to before
 * them.
 */
async function closedKey(
  claims: Pick<SubmitClaims, 'find'>,
  { claim, message }: { claim: NewClaim; message: string },
) {
  const billed = (await isFollowed(claims, claim.claimKey)) ? 'maybe' : 'no';
  return submitFailed({ ...nothingSent(message), billed, held: true, closedKey: true });
}

/**
 * Whether a later submit of the key may have cost something. A closed key sent nothing, and a refunded job cost
 * nothing.
 */
async function isFollowed(claims: Pick<SubmitClaims, 'find'>, claimKey: string): Promise<boolean> {
  const next = nextClaimKey(claimKey);
  const later = await claims.find(next);
  if (later === null) return false;
  return later === 'closed' || isRefunded(later) ? isFollowed(claims, next) : true;
}

/**
 * A refunded job does not answer another run of its key: nothing was paid, so the next submit may be sent under the
 * next claim key. The run of the refunded job itself keeps its verdict.
 *
 * @throws {ApplicationFailure} `closedKey`: the next submit takes another key
 * @throws {StorageError}
 */
export async function leaveRefunded(
  claims: Pick<SubmitClaims, 'find'>,
  { earlier, claim }: { earlier: SubmitClaim; claim: NewClaim },
): Promise<void> {
  if (earlier.runId === claim.runId || !isRefunded(earlier)) return;
  const message = `The job of claim key "${claim.claimKey}" failed and was refunded`;
  throw await closedKey(claims, { claim, message });
}

/**
 * A run that was reset does not know that a person has submitted again: the later claim answers.
 *
 * @throws {ApplicationFailure} `closedKey`: the next submit takes another key
 * @throws {StorageError}
 */
export async function leaveToNext(
  claims: SubmitClaims,
  { earlier, claim }: { earlier: SubmitClaim; claim: NewClaim },
): Promise<void> {
  if (jobOfClaim(earlier) || earlier.requestDigest !== claim.requestDigest) return;
  if ((await claims.find(nextClaimKey(claim.claimKey))) === null) return;
  const message = `The submit of claim key "${claim.claimKey}" was followed by another one`;
  throw submitFailed({ ...nothingSent(message), billed: 'maybe', held: true, closedKey: true });
}
