/** The gateway's quota units per unit of its currency. */
export const quotaPerUnit = 500_000;

/** What the gateway has charged for a job. */
export interface Charge {
  quota: number;
  /** In the gateway's currency. */
  money: number;
}

export function chargeOf(quota: number): Charge {
  return { quota, money: quota / quotaPerUnit };
}

/** The charge of the job in a claim. */
export interface JobCharge {
  claimKey: string;
  jobId: string;
  charged: Charge;
  /** The job failed and was refunded. */
  refunded?: true;
}
