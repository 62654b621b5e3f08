import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import type {
  AdmissionActivities,
  AdmissionRelease,
  CheckHoldersInput,
} from '../../contract/admission.ts';
import { submitOverMs } from '../../contract/submit-times.ts';
import { chargeOfClaim } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';

/** Concurrent calls to the server. */
const atOnce = 10;

/** When runs have closed, as Temporal knows. */
export interface RunEnds {
  /**
   * Milliseconds since the epoch; null while the newest run of this id is open; 0 for a run that Temporal no longer
   * knows.
   */
  closedAt(workflowId: string): Promise<number | null>;
}

/** Queries the server that runs the activity. A run that was reset continues under the same id. */
export function createRunEnds(): RunEnds {
  return {
    closedAt: async (workflowId) => {
      try {
        const { closeTime } = await Context.current()
          .client.workflow.getHandle(workflowId)
          .describe();
        return closeTime?.getTime() ?? null;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 0;
        throw error;
      }
    },
  };
}

/** Finds videos with closed runs, and reads from their claims whether they have spent what they reserved. */
export function createCheckHolders({
  runs,
  claims,
  now = Date.now,
}: {
  runs: RunEnds;
  claims: Pick<SubmitClaims, 'read'>;
  now?: () => number;
}): AdmissionActivities['checkHolders'] {
  const check = async ({
    videoId,
    claimKey,
  }: CheckHoldersInput['holders'][number]): Promise<AdmissionRelease[]> => {
    const closedAt = await runs.closedAt(videoId);
    if (closedAt === null) return [];
    const claim = await claims.read(claimKey);
    const charged = claim && chargeOfClaim(claim);
    if (claim) return [{ videoId, spent: 'yes', ...(charged && { charged }) }];
    return [{ videoId, spent: now() - closedAt > submitOverMs ? 'no' : 'maybe' }];
  };
  return async ({ holders }) => {
    const ended: AdmissionRelease[] = [];
    for (let begin = 0; begin < holders.length; begin += atOnce) {
      const checked = await Promise.all(holders.slice(begin, begin + atOnce).map(check));
      ended.push(...checked.flat());
    }
    return { ended };
  };
}
