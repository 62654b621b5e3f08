import { chargeOf, type Charge } from '../../contract/charge.ts';
import type { Billed } from '../../contract/failure.ts';
import type { JobStatus } from '../../gateway/gateway.ts';

/** What the gateway's record of a job says about billing. */
export interface JobMoney {
  charged?: Charge;
  /** Set for a failed job; absent if the record does not decide it. */
  billed?: Billed;
  /** A failed job still shows its price: the refund may come after the status. */
  mayBeRefunded?: true;
}

/**
 * Reads refund and price from `quota`, which only the generations route has. A failed job with quota 0 was refunded. A
 * failed job whose channel was deleted is never refunded, and its quota stays. Any other failed job may have been
 * refunded invisibly: some gateways do not change the quota.
 */
export function jobMoney({ state, quota, failure }: JobStatus): JobMoney {
  if (quota === undefined) return {};
  if (state === 'succeeded') return { charged: chargeOf(quota) };
  if (state !== 'failed') return {};
  if (quota === 0) return { charged: chargeOf(quota), billed: 'no' };
  if (failure?.notRefunded) return { charged: chargeOf(quota), billed: 'yes' };
  return { billed: 'maybe', mayBeRefunded: true };
}
