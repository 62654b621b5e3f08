import type { RecordAdoptedInput, SubmitFailure } from '../contract/activities.ts';
import type { ExpectedTime } from '../contract/expected-time.ts';
import type { GatewayAccount } from '../contract/gateway-account.ts';
import type { JobTiming } from '../contract/job-timing.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { UnansweredSubmit } from './close-unsent.ts';

/** A job that the gateway has accepted. Times are milliseconds since the epoch. */
export interface AcceptedSubmit {
  jobId: string;
  submittedAt: number;
  deadlineAt: number;
  /** `maybe` for a job that a person named and that the gateway has not shown yet. */
  billed: 'yes' | 'maybe';
  /** Key of the claim that names the job, if there is one. */
  claimKey?: string;
  /** The account that paid, if known. */
  account?: GatewayAccount;
  /** Set if earlier submits of this run have an unknown outcome. */
  billedBefore?: 'maybe';
  /** Its video, if it is in the storage already. */
  stored?: StoredVideo;
  /** With `stored`: there are endpoints of webhooks. */
  announce?: true;
  /** Set if a person named the job: it is not in the claims yet. */
  adopted?: RecordAdoptedInput;
  /** Paid by an earlier run: nothing was submitted now. */
  paidBefore?: true;
  /** The admission holds a slot for it. */
  admitted?: true;
  /** Workflow id of that admission; absent if the submit did not name it. */
  admissionId?: string;
  /** The gateway will report its end to us. */
  told?: true;
  /** What its duration depends on; absent if the time of the submit is not known exactly. */
  timing?: JobTiming;
  /** How long it will take, if similar jobs are known. */
  expected?: ExpectedTime;
}

/** A submit that was or may have been sent, with an unknown outcome. Times are milliseconds since the epoch. */
export interface UnknownSubmit {
  failure: SubmitFailure;
  claimKey: string;
  fromMs: number;
  toMs: number;
  /** Set if no worker has answered for it, and none has said yet whether its claim was made. */
  unanswered?: Omit<UnansweredSubmit, 'claimKey'>;
}
