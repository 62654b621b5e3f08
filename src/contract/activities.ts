import type { Grant, VideoLabels } from './admission.ts';
import type { Charge } from './charge.ts';
import type { VideoFailure } from './failure.ts';
import type { ExpectedTime } from './expected-time.ts';
import type { GatewayAccount } from './gateway-account.ts';
import type { JobTiming } from './job-timing.ts';
import type { PlaceInQueue } from './place-in-queue.ts';
import type { StoredVideo } from './stored-video.ts';
import type { JobProgress, JobRef } from './video-job.ts';
import type { RequestWarning, VideoRequest } from './video-request.ts';

/** Input of `submitVideo` and `requestAdmission`. */
export interface SubmitVideoInput extends VideoLabels {
  request: VideoRequest;
  /** Key of the claim: the workflow id, with a suffix for each later submit of this video. */
  claimKey: string;
  /** From the caller. The job may hold its slot this long, milliseconds. */
  deadlineMs?: number;
  /** See `GenerateVideoInput`. */
  spelledId?: string;
  /** See `GenerateVideoInput`. */
  freshSince?: number;
  /** See `GenerateVideoInput`. */
  sendAnyway?: true;
  /** See `GenerateVideoInput`. */
  callbackUrls?: string[];
  /** Start of the wait, milliseconds since the epoch. Determines the place in the admission's queue. */
  waitingSince?: number;
  /** The granted slot. If absent, the activity requests admission itself, unless a claim already has the answer. */
  admission?: Grant;
}

/**
 * Result of `requestAdmission`. `granted`: a slot is held and the cost is reserved. `claimed`: a claim already has the
 * answer, and nothing will be sent. `waiting`: request again on signal `admissionReady`, at the latest after
 * `retryAfterMs`.
 */
export type AdmissionTicket =
  | { outcome: 'granted'; admission: Grant }
  | { outcome: 'claimed' }
  | { outcome: 'waiting'; message: string; retryAfterMs: number; queue?: PlaceInQueue };

/** Result of `submitVideo`: the job, and what is known about its payment. */
export interface SubmittedVideo {
  jobId: string;
  /** Milliseconds since the epoch. */
  submittedAt: number;
  requestId?: string;
  warnings: RequestWarning[];
  /** The worker's configured deadline, milliseconds from the submit. */
  deadlineMs: number;
  /** True if the claim has an earlier submit of this key. Nothing was sent now. */
  foundInClaim: boolean;
  /** According to the claim, an earlier submit of the key was or may have been billed in addition to this job. */
  billedBefore?: 'maybe';
  /** Set if the video of this key is already in the storage. Nothing is left to do. */
  stored?: StoredVideo;
  /** With `stored`: see {@link DeliveredVideo}. */
  announce?: true;
  /** The admission holds a slot for this job until `leaveAdmission`. */
  admitted?: true;
  /** Workflow id of that admission. Older workers do not set it. */
  admissionId?: string;
  /** The account that paid. Older workers do not set it. */
  account?: GatewayAccount;
  /** The gateway will report the end of the job to us. */
  told?: true;
  /** Price multipliers that the gateway reported (header `X-New-Api-Other-Ratios`). */
  chargedRatios?: Record<string, number>;
  /** What the duration of the job depends on. Older workers do not set it. */
  timing?: JobTiming;
  /** How long the job will take, if similar jobs are known. */
  expected?: ExpectedTime;
}

/** Input of `reconcileSubmit`. */
export interface ReconcileSubmitInput {
  request: VideoRequest;
  claimKey: string;
  videoId: string;
  /** The POST was sent in this window: milliseconds since the epoch. */
  fromMs: number;
  toMs: number;
  /** Absent if the gateway did not answer. */
  answer?: UnclearAnswer;
}

/** The answer that left the outcome of a submit unknown. */
export interface UnclearAnswer {
  /** Header `X-Oneapi-Request-Id` of that answer. */
  requestId: string;
  httpStatus?: number;
  /** The gateway's error code, unchanged. */
  gatewayCode?: string;
}

/** Result of `reconcileSubmit`: what the gateway's records say about a submit with an unknown outcome. */
export interface Reconciliation {
  /** Exactly one job in the gateway's records certainly belongs to this submit. */
  adopted?: { jobId: string; submittedAt: number };
  /** The gateway's records prove that no job was created. The claim is free again. */
  notBilled?: true;
  /** The gateway's records prove that the submit was charged. Its job is not known. */
  billed?: 'yes';
  /** Ids of jobs that may belong to this submit, for a person to check. */
  candidates: string[];
  /** The finding of each source, as text. */
  findings: string[];
  /** False if no source is configured, so that a repetition cannot find more. */
  worthRepeating: boolean;
  /** Set if a source was unavailable: repeat after this time, sooner than planned. */
  lookAgainInMs?: number;
}

/** Input of `recordAdopted`. */
export interface RecordAdoptedInput {
  claimKey: string;
  /** The job that a person named. */
  job: JobRef;
  /** Approximate time of the submit, milliseconds since the epoch. */
  submittedAt: number;
  /** The request of this key; absent if unknown. */
  request?: VideoRequest;
}

/** Result of `recordAdopted`. Older workers return nothing. */
export interface RecordedAdoption {
  /** Digest of the request that the key was claimed for; absent if unknown. */
  requestDigest?: string;
}

/** Input of `takeJob`. */
export interface TakeJobInput {
  jobId: string;
}

/** Result of `takeJob`: the video that the job belongs to. */
export interface TakenJob {
  videoId: string;
}

/** Input of `awaitVideoChange`. */
export interface AwaitVideoChangeInput {
  job: JobRef;
  /** The account that paid, if known. Only its API keys can read the job. */
  account?: GatewayAccount;
  /** The claim of the job, if any. The charge is recorded there. */
  claimKey?: string;
  /** For metrics and the schedule; absent if unknown. */
  model?: string;
  /** For schedule `learned`; absent if the time of the submit is not known exactly. */
  timing?: JobTiming;
  /** The progress that the workflow knows. The activity returns when the gateway's differs. */
  seen?: JobProgress;
  /** Milliseconds since the epoch. */
  submittedAt: number;
  /** Poll at once instead of on schedule, because a signal arrived. */
  askNow?: boolean;
  /** The deadline has passed: poll at increasing intervals. */
  overdue?: boolean;
  /** Return only at the end of the job, or for a person. Clients find the progress in the details of `VideoPending`. */
  endOnly?: true;
  /** The gateway will report the end of the job to us, so polls are rare. */
  told?: true;
  /** The slot of the job, which the poll releases when it finds that the job has succeeded. */
  slot?: { admissionId?: string };
}

/** Input of `storeVideo`. */
export interface StoreVideoInput {
  job: JobRef;
  /** See `AwaitVideoChangeInput`. */
  account?: GatewayAccount;
  /** What the gateway has reported as charged. */
  charged?: Charge;
  /** See `JobProgress`. */
  jobMs?: number;
  /** Set if `jobMs` is to be learned from. */
  timing?: JobTiming;
  /** The workflow id. The object key is derived from it. */
  videoId: string;
  /** The file is compared with this request. */
  request?: VideoRequest;
}

/** `details[0]` of the ApplicationFailure of a submit. */
export interface SubmitFailure extends VideoFailure {
  /**
   * `refused`: permanent. `not_accepted`: certainly no job was created. `unknown`: a job may exist (docs/gateway.md).
   */
  outcome: 'refused' | 'not_accepted' | 'unknown';
  retryAfterMs?: number;
  /** Held back by our own shared limit or admission. No POST was sent. */
  held?: true;
  /** The scope of the limit that was hit: the API key, or this model only. */
  limit?: 'key' | 'model';
  /** The admission has no free slot. Request again on signal `admissionReady`. */
  waiting?: true;
  /** The place in its queue. */
  queue?: PlaceInQueue;
  /**
   * The claim key is closed, because a submit of it was given up before it was sent. The next submit needs another key.
   */
  closedKey?: true;
  /** The gateway itself answered with an error, so the submit is over. An error page of a proxy does not count. */
  answered?: true;
  warnings?: RequestWarning[];
}

/** Result of `storeVideo`. */
export interface DeliveredVideo extends StoredVideo {
  /** There are endpoints of webhooks, so the workflow announces the event `video.completed`. */
  announce?: true;
}

/** Local activities that a run uses on itself. */
export interface RunActivities {
  /** Requests cancellation of the calling run. */
  cancelRun(): Promise<void>;
}

/** The activities of a video. Workflows use these signatures and never import src/activities. */
export interface VideoActivities {
  /** Requests a slot and reserves the cost. Sends no POST, so it can be retried. */
  requestAdmission(input: SubmitVideoInput): Promise<AdmissionTicket>;
  /** Claims the key and sends the paid POST, at most once per claim key. Fails with a {@link SubmitFailure}. */
  submitVideo(input: SubmitVideoInput): Promise<SubmittedVideo>;
  /**
   * Closes the claim key of a submit that no worker has answered. True: nothing was sent, and no worker can send it
   * later. False: there is a claim, so the POST may have been sent.
   *
   * @param input.storageId From the grant of the submit. A worker with another storage must not answer.
   * @param input.spelledId See `GenerateVideoInput`. A claim under that spelling counts, too.
   */
  closeUnsent(input: {
    claimKey: string;
    storageId?: string;
    spelledId?: string;
  }): Promise<{ unsent: boolean }>;
  /** Looks for the job of a submit with an unknown outcome in the gateway's records. Sends no paid request. */
  reconcileSubmit(input: ReconcileSubmitInput): Promise<Reconciliation>;
  /** Records that the calling video owns the job, unless another video already does. */
  takeJob(input: TakeJobInput): Promise<TakenJob>;
  /** Records an adopted job in the claim of the video. */
  recordAdopted(input: RecordAdoptedInput): Promise<RecordedAdoption | undefined>;
  /** Polls the job once. Fails with the retryable type `VideoPending` if nothing has changed. */
  awaitVideoChange(input: AwaitVideoChangeInput): Promise<JobProgress>;
  /** Downloads, checks and stores the video of a job that has succeeded. */
  storeVideo(input: StoreVideoInput): Promise<DeliveredVideo>;
}
