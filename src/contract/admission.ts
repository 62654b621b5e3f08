import type { Charge } from './charge.ts';
import type { BatchRef, GenerateVideoInput, SpendCaps } from './messages.ts';
import type { PlaceInQueue } from './place-in-queue.ts';

/** Workflow type of the admission. One runs per gateway account; the first request starts it. */
export const admissionWorkflowType = 'admissionWorkflow';

/** Prefix of its workflow id, followed by a digest of the gateway's origin and the API key. */
export const admissionIdPrefix = 'admission/';

/** Names of its updates, signals and query. It sends `admissionReady` to a video when a slot is free. */
export const admissionMessages = {
  /** The wire name is from before 1.0, because histories and open runs use it. */
  requestAdmission: 'askAdmission',
  /** An update with many requests. Only a run with `takesLists` in its memo knows it. */
  requestAdmissions: 'requestAdmissions',
  releaseAdmission: 'releaseAdmission',
  /** A signal with many releases, for a run with `takesLists` in its memo. */
  releaseAdmissions: 'releaseAdmissions',
  setLimits: 'setLimits',
  admissionStatus: 'admissionStatus',
  /** A hint that a slot is free. The wire name is from before 1.0, too. */
  admissionReady: 'admissionTurn',
} as const;

/**
 * Failure type of a request that arrives while the admission has to continue as new. Request again after a pause: the
 * run can end only while no request arrives.
 */
export const admissionIsBusy = 'AdmissionIsBusy';

/** Most entries of a list of requests or releases. */
export const mostInList = 100;

/** The memo of a run of the admission. */
export interface AdmissionMemo {
  /** Id of the storage that holds the claims of the account. */
  storageId?: string;
  /**
   * The run takes lists of requests and releases. Each run says so for itself: from then on, no worker of a build
   * without lists can continue it.
   */
  takesLists?: true;
}

/** Default number of concurrent jobs at the gateway, as 88API documents it. */
export const defaultMaxJobs = 3;

/** The scopes that a video counts for, and its priority. */
export type VideoLabels = Pick<GenerateVideoInput, 'tags' | 'priority' | 'batch'>;
/** `interactive` videos are admitted before `batch` videos. */
export type VideoPriority = NonNullable<VideoLabels['priority']>;

/** The cost of one video. A field is absent if the request does not determine it. */
export interface VideoCost {
  seconds?: number;
  money?: number;
  /** `money` is from the gateway's price list. The final charge replaces it. */
  currency?: 'gateway';
}

/** What is spent or reserved in a scope. */
export interface Spent {
  videos: number;
  seconds: number;
  money: number;
}

/** Input of update `requestAdmission`, which requests a slot. Idempotent by claim key. */
export interface AdmissionRequest {
  videoId: string;
  claimKey: string;
  model: string;
  tags: string[];
  priority: VideoPriority;
  batch?: BatchRef;
  cost: VideoCost;
  /** The job may hold its slot this long, milliseconds from the answer. */
  deadlineMs: number;
  /** The worker's setting. `setLimits` overrides it. */
  maxJobs: number;
  /** Id of the storage that holds the claims. Older workers do not set it. */
  storageId?: string;
  /** Start of the wait, milliseconds since the epoch. Older workers do not set it. */
  waitingSince?: number;
}

/**
 * Answer of update `requestAdmission`. `granted`: a slot is held, the cost is reserved, and the POST may be sent.
 * `waiting`: request again on signal `admissionReady`, at the latest after `retryAfterMs`. `refused`: a cap would be
 * exceeded.
 */
export type AdmissionAnswer =
  | { outcome: 'granted' }
  | { outcome: 'waiting'; retryAfterMs?: number; outage?: ModelOutage; queue?: PlaceInQueue }
  | { outcome: 'refused'; message: string };

/** Answer to one entry of update `requestAdmissions`. `invalid`: the entry is no request; the others are answered. */
export type AdmissionEntryAnswer = AdmissionAnswer | { outcome: 'invalid'; message: string };

/** A model whose vendor has failed several jobs in a row. Only one job at a time is sent until one succeeds. */
export interface ModelOutage {
  model: string;
  failures: number;
}

/** Input of signal `releaseAdmission`: the job has ended, or was never created. */
export interface AdmissionRelease {
  videoId: string;
  /** `no`: the reservation is released. `maybe`: it stays, without a slot, until the outcome is known. */
  spent: 'yes' | 'no' | 'maybe';
  /** What the gateway charged, if it has reported it. */
  charged?: Charge;
  /** The vendor's result: it made the video, or it failed. Absent if the job ended otherwise. */
  ending?: 'made' | 'vendor_failed';
}

/** Limits that people have set. Tags are counted per UTC day. */
export interface AdmissionLimits {
  /** Concurrent jobs at the gateway. 0 admits no video. */
  jobs?: number;
  perDay?: SpendCaps;
  perTag?: Record<string, SpendCaps>;
  perBatch?: SpendCaps;
  perRun?: SpendCaps;
}

/** A change of caps: an absent cap is not changed, null removes it. */
export type CapsChange = { [cap in keyof SpendCaps]?: number | null };

/** Input of update `setLimits`, which returns all limits. An absent limit is not changed, null removes it. */
export interface LimitsChange {
  jobs?: number | null;
  perDay?: CapsChange;
  perTag?: Record<string, CapsChange>;
  perBatch?: CapsChange;
  perRun?: CapsChange;
}

/** Answer of query `admissionStatus`. Times are ISO 8601, UTC. */
export interface AdmissionStatus {
  limits: AdmissionLimits & { jobs: number };
  /** Videos with a slot: their job is at the gateway or about to be submitted. */
  inFlight: AdmittedVideo[];
  /** Slots that are kept for signalled videos which have not requested again yet. Older builds do not set it. */
  called?: number;
  /** Videos with a reservation but no slot, until it is known whether the cost was spent. */
  reserved: AdmittedVideo[];
  /** Approximate numbers. A cancelled video may be counted for some time. */
  waiting: Record<VideoPriority, number>;
  /** How long the last jobs held their slots on average, milliseconds. Absent while fewer than five have ended. */
  usualHoldMs?: number;
  /** By scope: `day/2026-11-23`, `tag/2026-11-23/<tag>`, `batch/<name>`, `run/<run id>`. */
  spent: Record<string, Spent>;
  /** Models of which only one job at a time is sent. */
  outages?: ModelOutage[];
}

/** A video that holds a slot or a reservation. */
export interface AdmittedVideo {
  videoId: string;
  since: string;
  model: string;
  tags: string[];
  batch?: string;
  cost: VideoCost;
}

/** The admission of a submit as its claim records it. The counts can be rebuilt from the claims. */
export interface ClaimedAdmission {
  /** Workflow id of the admission. */
  id: string;
  tags: string[];
  batch?: { name: string; runId: string };
  cost: VideoCost;
}

/** The grant of one submit. */
export interface Grant extends ClaimedAdmission {
  /** Id of the storage that holds the claims. A worker with another storage must not use the grant. */
  storageId?: string;
}

/** The count of one scope, from claims. `touchedAt` is in milliseconds since the epoch. */
export interface Tally extends Spent {
  touchedAt: number;
}

/** Input of `checkHolders`. */
export interface CheckHoldersInput {
  holders: { videoId: string; claimKey: string }[];
}

/** Result of `checkHolders`: runs that have ended, and whether their cost was spent according to their claims. */
export interface CheckedHolders {
  ended: AdmissionRelease[];
}

/** The activities of the admission, on queue video-workflows. */
export interface AdmissionActivities {
  /**
   * Releases the slot of the calling video. Its cost stays counted unless `spent` is `no`. Without `admissionId`, the
   * admission of the worker's account is used, for runs that were admitted by older workers.
   */
  leaveAdmission(input?: {
    admissionId?: string;
    spent?: AdmissionRelease['spent'];
    charged?: Charge;
    ending?: AdmissionRelease['ending'];
  }): Promise<void>;
  /** Reads from the Temporal server which of these videos' runs have ended. */
  checkHolders(input: CheckHoldersInput): Promise<CheckedHolders>;
  /** Reads the limits that people have set from the storage; null if there are none. */
  loadLimits(input: { admissionId: string }): Promise<AdmissionLimits | null>;
  /** Writes the limits that people have set to the storage, so that they outlive the admission. */
  keepLimits(input: { admissionId: string; limits: AdmissionLimits }): Promise<void>;
  /** Counts by scope the claims since `sinceMs`, milliseconds since the epoch. */
  countSpent(input: { admissionId: string; sinceMs: number }): Promise<Record<string, Tally>>;
}
