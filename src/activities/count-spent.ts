import { Context } from '@temporalio/activity';
import type { AdmissionActivities } from '../contract/admission.ts';
import { countClaims } from '../contract/admission-scopes.ts';
import type { SubmitClaims } from '../storage/submit-claims.ts';

/** Counts what an account has spent, or may have, from the claims: they outlive every workflow. */
export function createCountSpent({
  claims,
}: {
  claims: Pick<SubmitClaims, 'listSince'>;
}): AdmissionActivities['countSpent'] {
  return async ({ admissionId, sinceMs }) => {
    const counted = [];
    for await (const { claimedAt, admission } of claims.listSince(sinceMs)) {
      Context.current().heartbeat();
      if (admission?.id === admissionId) counted.push({ claimedAt, admission });
    }
    return countClaims(counted);
  };
}
