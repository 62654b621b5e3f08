import type { ReconcileSubmitInput } from '../../contract/activities.ts';
import type { OwnJob } from '../../gateway/gateway.ts';
import type { SubmitClaim } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';

/**
 * Upper bound between the claim of a submit and the row of its job: longer than any POST may take, plus the delay of
 * the row.
 */
const longestSubmitMs = 30 * 60_000;
/** The clocks of workers, gateway and storage differ. */
const clockSlackMs = 60_000;

/**
 * True when a job without an owner can come only from this submit: it has our model and no other prompt, and no other
 * submit with an open outcome could have created it. Valid only where nothing else submits on the gateway account.
 *
 * Open submits are counted by their claims, not by the index of Temporal, which lags and covers one namespace only. A
 * submit in progress has an open claim, too.
 */
export async function isOnlyCandidate(
  claims: Pick<SubmitClaims, 'listSince'>,
  { job, input, claim }: { job: OwnJob; input: ReconcileSubmitInput; claim: SubmitClaim },
): Promise<boolean> {
  const { model, prompt } = input.request.body;
  if (job.model !== model || (job.prompt !== undefined && job.prompt !== prompt)) return false;
  const earliestMs = job.submittedAt - longestSubmitMs - clockSlackMs;
  const latestMs = job.submittedAt + clockSlackMs;
  for await (const other of claims.listSince(earliestMs)) {
    if (other.claimKey === claim.claimKey || other.gateway !== claim.gateway) continue;
    if (other.outcome.state === 'accepted') {
      if (other.outcome.jobId === job.jobId) return false;
      continue;
    }
    const couldBeIts = earliestMs <= other.claimedAt && other.claimedAt <= latestMs;
    if (other.model === model && couldBeIts) return false;
  }
  return true;
}
