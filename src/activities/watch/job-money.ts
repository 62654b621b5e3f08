import { chargeOf, type Charge } from '../../contract/charge.ts';
import type { Billed } from '../../contract/failure.ts';
import type { JobStatus } from '../../gateway/gateway.ts';

/** What the gateway's record of a job says of its money. */
export interface JobMoney {
  charged?: Charge;
  /** Of a failed job; absent where the record does not decide it. */
  billed?: Billed;
  /** A failed job that still shows its price: the refund follows the status. */
  mayBeRefunded?: true;
}

/**
 * Reads refund and price from `quota`, which the generations route alone shows. A failed job with quota 0 was refunded.
 * One whose channel was deleted never is, so its quota stays. Any other may have been refunded where nobody sees it:
 * some gateways leave the quota as it was.
 */
export function jobMoney({ state, quota, failure }: JobStatus): JobMoney {
  if (quota === undefined) return {};
  if (state === 'succeeded') return { charged: chargeOf(quota) };
  if (state !== 'failed') return {};
  if (quota === 0) return { charged: chargeOf(quota), billed: 'no' };
  if (failure?.notRefunded) return { charged: chargeOf(quota), billed: 'yes' };
  return { billed: 'maybe', mayBeRefunded: true };
}
