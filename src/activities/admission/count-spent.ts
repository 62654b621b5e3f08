import { Context } from '@temporalio/activity';
import type { AdmissionActivities } from '../../contract/admission.ts';
import { countClaims, settledCost } from '../../contract/admission-scopes.ts';
import { chargeOfClaim } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';

/** Heartbeats are needed even while no claim counts: all claims may be old, or of other accounts. */
const heartbeatEveryMs = 5_000;

/** Counts what an account has or may have spent. It reads the claims, because they outlive every workflow. */
export function createCountSpent({
  claims,
}: {
  claims: Pick<SubmitClaims, 'listCopies'>;
}): AdmissionActivities['countSpent'] {
  return async ({ admissionId, sinceMs }) => {
    const { heartbeat } = Context.current();
    heartbeat();
    const beat = setInterval(heartbeat, heartbeatEveryMs);
    try {
      const counted = [];
      for await (const claim of claims.listCopies(sinceMs)) {
        const { claimedAt, admission } = claim;
        if (admission?.id !== admissionId) continue;
        const cost = settledCost(admission.cost, chargeOfClaim(claim));
        counted.push({ claimedAt, admission: { ...admission, cost } });
      }
      return countClaims(counted);
    } finally {
      clearInterval(beat);
    }
  };
}
