import { Context } from '@temporalio/activity';
import type { Reconciliation, VideoActivities } from '../contract/activities.ts';
import type { Gateway, OwnJob } from '../gateway/gateway.ts';
import type { JobOwners } from '../storage/job-owners.ts';
import type { SubmitClaim, SubmitClaims } from '../storage/submit-claims.ts';
import { isOurs, searchTaskLog } from './search-task-log.ts';
import type { OtherVideos } from './other-videos.ts';

export interface ReconcileSubmitOptions {
  gateway: Gateway;
  claims: SubmitClaims;
  owners: JobOwners;
  /** Knows the jobs that were accepted before owners were recorded. */
  others: OtherVideos;
}

/**
 * Looks for a submit whose outcome is unknown, in the gateway's own task log. Sends nothing paid, decides only
 * on proof, and writes what it proved into the claim.
 */
export function createReconcileSubmit(
  options: ReconcileSubmitOptions,
): VideoActivities['reconcileSubmit'] {
  const { gateway, claims } = options;
  return async (input) => {
    const { cancellationSignal: signal } = Context.current();
    const claim = await claims.read(input.claimKey);
    const known = fromClaim(claim);
    if (known) return known;
    const log = await searchTaskLog(gateway, input, signal);
    const free = await withoutTaken(log.jobs, options, input.videoId);
    const matches = free.filter((job) => isOurs(job, input.request));
    const [match] = matches;
    if (match && matches.length === 1 && claim && (await takes(options, match, input.videoId))) {
      const adopted = { jobId: match.jobId, submittedAt: match.submittedAt };
      await claims.record(claim, { state: 'accepted', ...adopted });
      await claims.giveJob({ ...claim, claimKey: input.videoId }, adopted);
      return { adopted, candidates: [], findings: log.findings, worthRepeating: false };
    }
    return {
      candidates: free.map(({ jobId }) => jobId),
      findings: log.findings,
      worthRepeating: gateway.canSearch,
    };
  };
}

/** A worker that was believed dead may have written the outcome after all. */
function fromClaim(claim: SubmitClaim | null): Reconciliation | null {
  const nothingMore = { candidates: [], worthRepeating: false };
  if (claim?.outcome.state !== 'accepted') return null;
  const { jobId, submittedAt } = claim.outcome;
  const findings = ['The claim says that the gateway accepted it'];
  return { ...nothingMore, findings, adopted: { jobId, submittedAt } };
}

/** The owner is recorded before the adoption: of two videos that want the same job, one gets it. */
async function takes(
  { owners }: ReconcileSubmitOptions,
  { jobId }: OwnJob,
  videoId: string,
): Promise<boolean> {
  return (await owners.take({ jobId, videoId })).videoId === videoId;
}

/** The same prompt may have been asked for twice; a job of another video is not ours. */
async function withoutTaken(
  jobs: OwnJob[],
  { owners, others }: ReconcileSubmitOptions,
  videoId: string,
): Promise<OwnJob[]> {
  const isTaken = async ({ jobId }: OwnJob) => {
    const owner = await owners.ownerOf(jobId);
    return owner ? owner.videoId !== videoId : others.own({ jobId, exceptVideoId: videoId });
  };
  const taken = await Promise.all(jobs.map(isTaken));
  return jobs.filter((_, index) => !taken[index]);
}
