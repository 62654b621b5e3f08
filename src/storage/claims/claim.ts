import { z } from 'zod';
import type { Charge, JobCharge } from '../../contract/charge.ts';

/** What became of the money of a job, read when it had ended. */
const moneySchema = {
  /** What the gateway charged; 0 where it gave the money back. */
  charged: z.object({ quota: z.number(), money: z.number() }).exactOptional(),
  /** The job failed, and the gateway's record shows the refund: the key may be used for another one. */
  refunded: z.literal(true).exactOptional(),
};

export const claimSchema = z.object({
  claimKey: z.string(),
  /** SHA-256 of the canonical request: a claim answers for one request only. {@link unknownDigest} for an adopted job. */
  requestDigest: z.string(),
  /** Origin of the gateway that was asked: its job ids mean nothing to another one. */
  gateway: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  format: z.string(),
  model: z.string(),
  /** When the claim was made, just before the POST: milliseconds since the epoch. */
  claimedAt: z.number(),
  /** The account whose key was used; a digest, never the key. Absent in claims of older workers. */
  account: z
    .object({
      gateway: z.string(),
      keyDigest: z.string(),
      name: z.string().exactOptional(),
      userId: z.string().exactOptional(),
    })
    .exactOptional(),
  /** What the admission counted it for. Absent where none was asked. */
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
      /** No POST was sent for this claim, and it costs nothing: the key got a job that existed already. */
      withoutPost: z.literal(true).exactOptional(),
      requestId: z.string().exactOptional(),
      /** What the gateway says it multiplied the price with. */
      chargedRatios: z.record(z.string(), z.number()).exactOptional(),
      ...moneySchema,
    }),
    z.object({
      state: z.literal('unknown'),
      message: z.string(),
      requestId: z.string().exactOptional(),
    }),
  ]),
  /** The job that the key has in the end, where it is not the one of `outcome`: of a resubmit, or named by a person. */
  endedWith: z
    .object({ jobId: z.string(), submittedAt: z.number(), ...moneySchema })
    .exactOptional(),
});

/** Digest of an unknown request: the job was adopted by its id. */
export const unknownDigest = '';
/** In place of a claim, for ever: a submit that sent nothing was given up, and whoever held it back is too late. */
export const closedSchema = z.object({ claimKey: z.string(), closedAt: z.number() });
export type ClosedClaim = z.infer<typeof closedSchema>;

/** Who paid, or may have paid, for what. Holds no secret and no prompt. */
export type SubmitClaim = z.infer<typeof claimSchema>;
export type ClaimOutcome = SubmitClaim['outcome'];
/** A claim as its submit makes it. */
export type NewClaim = Omit<SubmitClaim, 'outcome' | 'endedWith'>;
export type ClaimedJob = Pick<NonNullable<SubmitClaim['endedWith']>, 'jobId' | 'submittedAt'>;

/** The job that a key has, or null where none is known. */
export function jobOfClaim({ outcome, endedWith }: SubmitClaim): ClaimedJob | null {
  const job = endedWith ?? (outcome.state === 'accepted' ? outcome : null);
  return job && { jobId: job.jobId, submittedAt: job.submittedAt };
}

/** What the gateway charged for the submit of a claim, as far as the claim says it. */
export function chargeOfClaim({ outcome }: SubmitClaim): Charge | undefined {
  return outcome.state === 'accepted' ? outcome.charged : undefined;
}

/** The submit of this claim itself was, or may have been, billed: it was sent, and no refund is on record. */
export function mayBeBilled({ outcome }: SubmitClaim): boolean {
  return outcome.state !== 'accepted' || !(outcome.withoutPost || outcome.refunded);
}

/** Every job that the key is known to have had was refunded, and no submit of this claim may have been billed. */
export function isRefunded({ outcome, endedWith }: SubmitClaim): boolean {
  const ofItsOwn = outcome.state === 'accepted' && outcome.refunded === true;
  return ofItsOwn && (!endedWith || endedWith.refunded === true);
}

/** The claim with the money of this job; null for a claim that does not name it. */
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
