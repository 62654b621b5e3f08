import type { RecordAdoptedInput, SubmitFailure } from '../contract/activities.ts';
import type { GatewayAccount } from '../contract/gateway-account.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { UnansweredSubmit } from './close-unsent.ts';

/** A job that the gateway has accepted. Times are milliseconds since the epoch. */
export interface AcceptedSubmit {
  jobId: string;
  submittedAt: number;
  deadlineAt: number;
  /** `maybe` for a job that somebody named and that the gateway has not shown yet. */
  billed: 'yes' | 'maybe';
  /** Key of the claim that names the job, where there is one. */
  claimKey?: string;
  /** The account that paid, where it is known. */
  account?: GatewayAccount;
  /** By earlier submits of this run whose outcome nobody knows. */
  billedBefore?: 'maybe';
  /** Its video, where it is in the storage already. */
  stored?: StoredVideo;
  /** A person named it: it is not in the claims yet. */
  adopted?: RecordAdoptedInput;
  /** By an earlier run: nothing was submitted now. */
  paidBefore?: true;
  /** The admission holds a slot for it. */
  admitted?: true;
  /** Workflow id of that admission; absent where the submit did not say it. */
  admissionId?: string;
}

/** A submit that was, or may have been, sent, and whose answer nobody has. Times are milliseconds since the epoch. */
export interface UnknownSubmit {
  failure: SubmitFailure;
  claimKey: string;
  fromMs: number;
  toMs: number;
  /** No worker has answered for it, and none has said yet whether its claim was made. */
  unanswered?: Omit<UnansweredSubmit, 'claimKey'>;
}
