import type { Grant, VideoLabels } from './admission.ts';
import type { Charge } from './charge.ts';
import type { VideoFailure } from './failure.ts';
import type { GatewayAccount } from './gateway-account.ts';
import type { StoredVideo } from './stored-video.ts';
import type { JobProgress, JobRef } from './video-job.ts';
import type { RequestWarning, VideoRequest } from './video-request.ts';

export interface SubmitVideoInput extends VideoLabels {
  request: VideoRequest;
  /** Key of the claim: the workflow id, with a suffix for each submit that a person asked for again. */
  claimKey: string;
  /** As the caller gave it: so long the job may hold its slot. */
  deadlineMs?: number;
  /** As `GenerateVideoInput` has it. */
  spelledId?: string;
  /** As `GenerateVideoInput` has it. */
  freshSince?: number;
  /** As `GenerateVideoInput` has it. */
  sendAnyway?: true;
  /** Since when the video waits, milliseconds since the epoch: its place in the queue of the admission. */
  waitingSince?: number;
  /** What the admission has granted to this submit. Absent: the submit asks by itself, unless a claim answers. */
  admission?: Grant;
}

/**
 * Answer of `requestAdmission`. `granted`: a slot is held and the cost reserved. `claimed`: a claim answers, nothing will
 * be sent. `waiting`: signal `admissionReady` says when to ask again; where none comes, ask after `retryAfterMs`.
 */
export type AdmissionTicket =
  | { outcome: 'granted'; admission: Grant }
  | { outcome: 'claimed' }
  | { outcome: 'waiting'; message: string; retryAfterMs: number };

export interface SubmittedVideo {
  jobId: string;
  /** Milliseconds since the epoch. */
  submittedAt: number;
  requestId?: string;
  warnings: RequestWarning[];
  /** The worker's configured deadline, in milliseconds from the submit. */
  deadlineMs: number;
  /** True when an earlier submit of this key was found in the claim and nothing was sent now. */
  foundInClaim: boolean;
  /** By the claim, an earlier submit of the key was or may have been billed beside this job. */
  billedBefore?: 'maybe';
  /** The video of this key, where it is in the storage already: nothing is left to do. */
  stored?: StoredVideo;
  /** The admission holds a slot for this job, until `leaveAdmission`. */
  admitted?: true;
  /** Workflow id of that admission; absent from workers before it was said. */
  admissionId?: string;
  /** The account that paid; absent in answers of older workers. */
  account?: GatewayAccount;
  /** Multipliers of the price as the gateway reported them (`X-New-Api-Other-Ratios`). */
  chargedRatios?: Record<string, number>;
}

export interface ReconcileSubmitInput {
  request: VideoRequest;
  claimKey: string;
  videoId: string;
  /** The POST was sent in this window: milliseconds since the epoch. */
  fromMs: number;
  toMs: number;
  /** Absent where no answer came. */
  answer?: UnclearAnswer;
}

/** The answer that left the outcome of a submit unknown. */
export interface UnclearAnswer {
  /** `X-Oneapi-Request-Id` of that answer. */
  requestId: string;
  httpStatus?: number;
  /** The gateway's own error code, as sent. */
  gatewayCode?: string;
}

/** What could be learned about a submit whose outcome is unknown, without sending anything paid. */
export interface Reconciliation {
  /** Exactly one job in the gateway's own records is surely ours. */
  adopted?: { jobId: string; submittedAt: number };
  /** The gateway's own records prove that nothing was taken; the claim is free again. */
  notBilled?: true;
  /** The gateway's own records prove that it was charged; its job is not known. */
  billed?: 'yes';
  /** Jobs that may be it, for a person to look at. */
  candidates: string[];
  /** What each source said, in words. */
  findings: string[];
  /** False where no source is configured: asking again tells nothing new. */
  worthRepeating: boolean;
  /** When a source may be asked again that could not be asked now, sooner than planned. */
  lookAgainInMs?: number;
}

export interface RecordAdoptedInput {
  claimKey: string;
  /** As a person named it. */
  job: JobRef;
  /** About when it was submitted, milliseconds since the epoch. */
  submittedAt: number;
  /** What the key asks for; absent where nobody told. */
  request?: VideoRequest;
}

/** Older workers answer nothing. */
export interface RecordedAdoption {
  /** Of the request that the key was claimed for, where that is known. */
  requestDigest?: string;
}

export interface TakeJobInput {
  jobId: string;
}

/** The video that the job belongs to. */
export interface TakenJob {
  videoId: string;
}

export interface AwaitVideoChangeInput {
  job: JobRef;
  /** The account that paid, where it is known: only its keys can read the job. */
  account?: GatewayAccount;
  /** The claim of the job, where there is one: what was charged is written there. */
  claimKey?: string;
  /** For the metrics; absent where nobody knows it. */
  model?: string;
  /** What the workflow knows; the activity returns when something differs. */
  seen?: JobProgress;
  /** Milliseconds since the epoch. */
  submittedAt: number;
  /** Ask at once instead of waiting for the schedule (a signal came in). */
  askNow?: boolean;
  /** The deadline has passed: ask slower and slower. */
  overdue?: boolean;
}

export interface StoreVideoInput {
  job: JobRef;
  /** As in `AwaitVideoChangeInput`. */
  account?: GatewayAccount;
  /** What the gateway says it charged. */
  charged?: Charge;
  /** The workflow id; the object key is made from it. */
  videoId: string;
  /** What was asked, to compare the file with. */
  request?: VideoRequest;
}

/** `details[0]` of the ApplicationFailure of a submit. */
export interface SubmitFailure extends VideoFailure {
  /** gateway.md 10.3: permanent; surely nothing created; or nobody knows. */
  outcome: 'refused' | 'not_accepted' | 'unknown';
  retryAfterMs?: number;
  /** Refused by our own shared limit or admission: no POST was sent. */
  held?: true;
  /** A limit that other submits share: of the API key, or of this model alone. */
  limit?: 'key' | 'model';
  /** The admission has no slot free; signal `admissionReady` says when to ask again. */
  waiting?: true;
  /** The claim key is closed, since a submit of it was given up that had sent nothing: the next one takes another key. */
  closedKey?: true;
  /** The gateway itself answered, and with an error: its submit is over. A page of a proxy in between is no answer. */
  answered?: true;
  warnings?: RequestWarning[];
}

/** Local activities of a run, for itself. */
export interface RunActivities {
  /** Asks the server to cancel the run that runs it. */
  cancelRun(): Promise<void>;
}

/** The activities by signature, so that workflows never import src/activities, not even as types. */
export interface VideoActivities {
  /** Asks for a slot and reserves the cost. Sends nothing, so it may be repeated. */
  requestAdmission(input: SubmitVideoInput): Promise<AdmissionTicket>;
  submitVideo(input: SubmitVideoInput): Promise<SubmittedVideo>;
  /**
   * Closes the claim key of a submit that no worker answered for. True: nothing was sent, and nothing will be, not even
   * by a worker that wakes up later. False: there is a claim, so it may have been sent.
   *
   * @param input.storageId As the grant of the submit names it: only a worker of that storage answers.
   * @param input.spelledId As `GenerateVideoInput` has it: a claim under that spelling has answered the submit.
   */
  closeUnsent(input: {
    claimKey: string;
    storageId?: string;
    spelledId?: string;
  }): Promise<{ unsent: boolean }>;
  reconcileSubmit(input: ReconcileSubmitInput): Promise<Reconciliation>;
  takeJob(input: TakeJobInput): Promise<TakenJob>;
  recordAdopted(input: RecordAdoptedInput): Promise<RecordedAdoption | undefined>;
  awaitVideoChange(input: AwaitVideoChangeInput): Promise<JobProgress>;
  storeVideo(input: StoreVideoInput): Promise<StoredVideo>;
}
