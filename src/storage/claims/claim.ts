import { z } from 'zod';
import type { Charge, JobCharge } from '../../contract/charge.ts';

/** Billing of a job, read after the job ended. */
const moneySchema = {
  /** What the gateway charged. 0 if it refunded the job. */
  charged: z.object({ quota: z.number(), money: z.number() }).exactOptional(),
  /** The job failed and the gateway's log shows the refund. The key may be used for another job. */
  refunded: z.literal(true).exactOptional(),
};

export const claimSchema = z.object({
  claimKey: z.string(),
  /** SHA-256 of the canonical request: a claim covers one request only. {@link unknownDigest} for an adopted job. */
  requestDigest: z.string(),
  /** Origin of the gateway. Job ids are valid only there. */
  gateway: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  format: z.string(),
  model: z.string(),
  /** When the claim was made, just before the POST. Milliseconds since the epoch. */
  claimedAt: z.number(),
  /** The account of the API key: a digest, never the key. Absent in claims of older workers. */
  account: z
    .object({
      gateway: z.string(),
      keyDigest: z.string(),
      name: z.string().exactOptional(),
      userId: z.string().exactOptional(),
    })
    .exactOptional(),
  /** Tags, batch and cost that the admission counted. Absent if no admission was requested. */
  admission: z
    .object({
      id: z.string(),
      tags: z.array(z.string()),
      batch: z.object({ name: z.string(), runId: z.string() }).exactOptional(),
      cost: z.object({
        seconds: z.number().exactOptional(),
        money: z.number().exactOptional(),
        currency: z.literal('gateway').exactOptional(),
      }),
    })
    .exactOptional(),
  outcome: z.discriminatedUnion('state', [
    z.object({ state: z.literal('sent') }),
    z.object({
      state: z.literal('accepted'),
      jobId: z.string(),
      submittedAt: z.number(),
      /** No POST was sent for this claim, so it was not billed: the key received an existing job. */
      withoutPost: z.literal(true).exactOptional(),
      requestId: z.string().exactOptional(),
      /** The price multipliers that the gateway reported. */
      chargedRatios: z.record(z.string(), z.number()).exactOptional(),
      ...moneySchema,
    }),
    z.object({
      state: z.literal('unknown'),
      message: z.string(),
      requestId: z.string().exactOptional(),
    }),
  ]),
  /** The final job of the key if it differs from `outcome`: from a resubmit, or named by an operator. */
  endedWith: z
    .object({ jobId: z.string(), submittedAt: z.number(), ...moneySchema })
    .exactOptional(),
});

/** Digest of an unknown request: the job was adopted by its id. */
export const unknownDigest = '';
/**
 * Stored permanently in place of a claim: a submit was given up before it sent anything. A delayed attempt can no longer
 * claim the key.
 */
export const closedSchema = z.object({ claimKey: z.string(), closedAt: z.number() });
export type ClosedClaim = z.infer<typeof closedSchema>;

/** Records a submit that was or may have been billed. Contains no secret and no prompt. */
export type SubmitClaim = z.infer<typeof claimSchema>;
export type ClaimOutcome = SubmitClaim['outcome'];
/** A claim before its POST. */
export type NewClaim = Omit<SubmitClaim, 'outcome' | 'endedWith'>;
export type ClaimedJob = Pick<NonNullable<SubmitClaim['endedWith']>, 'jobId' | 'submittedAt'>;

/** The job of a key. Null if none is known. */
export function jobOfClaim({ outcome, endedWith }: SubmitClaim): ClaimedJob | null {
  const job = endedWith ?? (outcome.state === 'accepted' ? outcome : null);
  return job && { jobId: job.jobId, submittedAt: job.submittedAt };
}

/** What the gateway charged for the submit of a claim, if the claim records it. */
export function chargeOfClaim({ outcome }: SubmitClaim): Charge | undefined {
  return outcome.state === 'accepted' ? outcome.charged : undefined;
}

/** False for a claim that was not billed: its job was adopted, or paid for by another claim. */
export function hasPost({ outcome }: SubmitClaim): boolean {
  return outcome.state !== 'accepted' || !outcome.withoutPost;
}

/** True if the submit of this claim is the one that created this job of this video. */
export function isPaidBy(claim: SubmitClaim, of: { videoId: string; jobId: string }): boolean {
  const { outcome, workflowId } = claim;
  const isItsJob = outcome.state === 'accepted' && outcome.jobId === of.jobId;
  return isItsJob && hasPost(claim) && workflowId === of.videoId;
}

/** True if the submit of this claim was or may have been billed: it was sent, and no refund is recorded. */
export function mayBeBilled({ outcome }: SubmitClaim): boolean {
  return outcome.state !== 'accepted' || !(outcome.withoutPost || outcome.refunded);
}

/** True if all known jobs of the key were refunded and no submit of this claim may have been billed. */
export function isRefunded({ outcome, endedWith }: SubmitClaim): boolean {
  const ofItsOwn = outcome.state === 'accepted' && outcome.refunded === true;
  return ofItsOwn && (!endedWith || endedWith.refunded === true);
}

/** The claim with the billing of this job. Null if the claim does not name the job. */
export function withMoney(
  claim: SubmitClaim,
  jobId: string,
  money: Omit<JobCharge, 'claimKey' | 'jobId'>,
): SubmitClaim | null {
  const { outcome, endedWith } = claim;
  if (endedWith?.jobId === jobId) return { ...claim, endedWith: { ...endedWith, ...money } };
  if (outcome.state !== 'accepted' || outcome.jobId !== jobId) return null;
  return { ...claim, outcome: { ...outcome, ...money } };
}
