import { Context } from '@temporalio/activity';
import type {
  ReconcileSubmitInput,
  Reconciliation,
  VideoActivities,
} from '../../contract/activities.ts';
import type { Gateway, OwnJob } from '../../gateway/gateway.ts';
import type { JobOwners } from '../../storage/claims/job-owners.ts';
import type { SubmitClaim } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import { isOnlyCandidate } from './only-candidate.ts';
import type { OtherVideos } from './other-videos.ts';
import { createRequestLog, type RequestLog } from './search-request-log.ts';
import { clockSlackMs, isOurs, searchTaskLog } from './search-task-log.ts';
import { requestBilling, type RequestBilling } from './request-billing.ts';

export interface ReconcileSubmitOptions {
  gateway: Gateway;
  claims: SubmitClaims;
  owners: JobOwners;
  /** Finds the owners of jobs that were accepted before owners were recorded. */
  others: OtherVideos;
  /** True when nothing else submits on the gateway account: no other program, installation or person. */
  exclusiveAccount: boolean;
}

/** A status shows the times of at most this many candidates. */
const mostTimes = 10;

/**
 * Looks for a submit with an unknown outcome in the gateway's own records: first the request log, by request id, then
 * the task log. It sends nothing paid, decides only on proof, and writes what it has proved into the claim.
 */
export function createReconcileSubmit(
  options: ReconcileSubmitOptions,
): VideoActivities['reconcileSubmit'] {
  const requestLog = createRequestLog(options);
  return async (input) => {
    const claim = await options.claims.read(input.claimKey);
    const known = fromClaim(claim);
    if (claim && known?.adopted) {
      await options.claims.giveJob({ ...claim, claimKey: input.videoId }, known.adopted);
    }
    if (known) return known;
    const proof = await proveByRequest(requestLog, input, cancellationSignal());
    const decided = await decideByRequest(options, { input, claim, proof });
    if (decided) return decided;
    const found = await lookInTaskLog(options, { input, claim });
    return {
      ...found,
      findings: [...proof.findings, ...found.findings],
      // If the claim has no outcome, another worker may still write it: the run was reset in the middle of its POST.
      worthRepeating:
        !found.adopted &&
        (found.worthRepeating || input.answer !== undefined || claim?.outcome.state === 'sent'),
      ...(proof.billing?.billed === 'yes' && { billed: 'yes' }),
      ...(proof.againInMs !== undefined && { lookAgainInMs: proof.againInMs }),
    };
  };
}

type AdoptedJob = NonNullable<Reconciliation['adopted']>;

interface Look {
  input: ReconcileSubmitInput;
  claim: SubmitClaim | null;
}

/** Returns null when the request log does not decide. */
async function decideByRequest(
  options: ReconcileSubmitOptions,
  { input, claim, proof }: Look & { proof: RequestProof },
): Promise<Reconciliation | null> {
  const { billing, findings } = proof;
  if (billing?.billed === 'no') {
    // An earlier attempt of this activity may have freed the claim already; the claim of a later submit must not be
    // touched.
    if (claim && !isClaimOf(claim, input)) return null;
    if (claim) await options.claims.release(claim);
    return { notBilled: true, candidates: [], findings, worthRepeating: false };
  }
  if (billing?.billed !== 'yes' || billing.jobId === undefined || !claim) return null;
  const job = { jobId: billing.jobId, submittedAt: claim.claimedAt };
  const adopted = await adopt(options, { input, claim }, job);
  return adopted ? { adopted, candidates: [], findings, worthRepeating: false } : null;
}

async function lookInTaskLog(
  options: ReconcileSubmitOptions,
  { input, claim }: Look,
): Promise<Reconciliation> {
  const { gateway } = options;
  const log = await searchTaskLog(gateway, input, cancellationSignal());
  const free = await withoutTaken(log.jobs, options, input.videoId);
  const matches = free.filter((job) => isOurs(job, input.request));
  const [match] = matches;
  const sure = matches.length === 1 ? match : await onlyCandidate(options, { input, claim, free });
  const adopted = sure && claim ? await adopt(options, { input, claim }, sure) : null;
  if (adopted) return { adopted, candidates: [], findings: log.findings, worthRepeating: false };
  return {
    candidates: free.map(({ jobId }) => jobId),
    findings: [...log.findings, ...timesOf(free)],
    worthRepeating: gateway.canSearch,
  };
}

/**
 * Recorded rows of the task log have no prompt (docs/gateway.md), so a job is also adopted if it cannot belong to any
 * other submit.
 */
async function onlyCandidate(
  { claims, exclusiveAccount }: ReconcileSubmitOptions,
  { input, claim, free }: Look & { free: OwnJob[] },
): Promise<OwnJob | undefined> {
  const [job] = free;
  if (!exclusiveAccount || !claim || !job || free.length !== 1) return undefined;
  return (await isOnlyCandidate(claims, { job, input, claim })) ? job : undefined;
}

/** For operators, who may know when the video was requested. */
function timesOf(candidates: OwnJob[]): string[] {
  return candidates
    .slice(0, mostTimes)
    .map(({ jobId, submittedAt }) => `${jobId} was made at ${new Date(submittedAt).toISOString()}`);
}

/** The owner is recorded before the adoption: if two videos want the same job, one of them gets it. */
async function adopt(
  { owners, claims }: ReconcileSubmitOptions,
  { input: { videoId, answer }, claim }: Look & { claim: SubmitClaim },
  { jobId, submittedAt }: OwnJob,
): Promise<AdoptedJob | null> {
  const owner = await owners.take({ jobId, videoId });
  if (owner.videoId !== videoId) return null;
  const requestId = answer && { requestId: answer.requestId };
  await claims.record(claim, { state: 'accepted', jobId, submittedAt, ...requestId });
  await claims.giveJob({ ...claim, claimKey: videoId }, { jobId, submittedAt });
  return { jobId, submittedAt };
}

/** A run that was reset may have used the key again since. */
function isClaimOf(
  { outcome, claimedAt }: SubmitClaim,
  { answer, fromMs, toMs }: ReconcileSubmitInput,
): boolean {
  if (outcome.state === 'unknown' && outcome.requestId !== undefined) {
    return outcome.requestId === answer?.requestId;
  }
  return fromMs - clockSlackMs <= claimedAt && claimedAt <= toMs + clockSlackMs;
}

function cancellationSignal(): AbortSignal {
  return Context.current().cancellationSignal;
}

/** A worker that was believed dead may have written the outcome after all. */
function fromClaim(claim: SubmitClaim | null): Reconciliation | null {
  const nothingMore = { candidates: [], worthRepeating: false };
  if (claim?.outcome.state !== 'accepted') return null;
  const { jobId, submittedAt } = claim.outcome;
  const findings = ['The claim says that the gateway accepted it'];
  return { ...nothingMore, findings, adopted: { jobId, submittedAt } };
}

/** The same prompt may have been submitted twice; jobs of other videos are removed. */
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

interface RequestProof {
  billing?: RequestBilling;
  findings: string[];
  /** When the log can be read again, if known. */
  againInMs?: number;
}

/**
 * Reads from the request log what became of a submit that was answered. A submit without an answer has no request id.
 */
async function proveByRequest(
  requestLog: RequestLog,
  { answer, toMs }: ReconcileSubmitInput,
  signal: AbortSignal,
): Promise<RequestProof> {
  if (answer === undefined) return { findings: [] };
  const read = await requestLog.read({ requestId: answer.requestId, answeredAtMs: toMs }, signal);
  if ('unread' in read) {
    const { unread, ...again } = read;
    return { findings: [`The request log was not read: ${unread}`], ...again };
  }
  const billing = requestBilling(read.rows, answer);
  return { billing, findings: [billing.finding] };
}
