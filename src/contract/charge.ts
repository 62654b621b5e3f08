/** Quota units of the gateway in one unit of its currency. */
export const quotaPerUnit = 500_000;

/** What the gateway has charged for a job, in its own units. */
export interface Charge {
  quota: number;
  /** In the gateway's currency. */
  money: number;
}

export function chargeOf(quota: number): Charge {
  return { quota, money: quota / quotaPerUnit };
}

/** What became of the money of the job that a claim names. */
export interface JobCharge {
  claimKey: string;
  jobId: string;
  charged: Charge;
  /** The job failed and was refunded. */
  refunded?: true;
}
