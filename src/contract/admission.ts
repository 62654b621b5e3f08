import type { Charge } from './charge.ts';
import type { BatchRef, GenerateVideoInput, SpendCaps } from './messages.ts';

/** The workflow that admits submits, one per gateway account; started by the first ask. */
export const admissionWorkflowType = 'admissionWorkflow';

/** Its workflow id is this and a digest of the gateway's origin and the API key. */
export const admissionIdPrefix = 'admission/';

/** Names of its updates, signals and query; `admissionReady` is the signal that it sends to a video. */
export const admissionMessages = {
  /** Its name on the wire is from before 1.0: histories and open runs have it. */
  requestAdmission: 'askAdmission',
  releaseAdmission: 'releaseAdmission',
  setLimits: 'setLimits',
  admissionStatus: 'admissionStatus',
  /** A hint that a slot is free. Its name on the wire is from before 1.0, too. */
  admissionReady: 'admissionTurn',
} as const;

/** Type of the failure with which a request is rejected while a run has to end first; request again in a moment. */
export const admissionIsBusy = 'AdmissionIsBusy';

/** Jobs at the gateway at once, unless configured otherwise: what 88API publishes. */
export const defaultMaxJobs = 3;

/** Who a video counts for, and in which order it is admitted. */
export type VideoLabels = Pick<GenerateVideoInput, 'tags' | 'priority' | 'batch'>;
export type VideoPriority = NonNullable<VideoLabels['priority']>;

/** What one video takes; absent where it cannot be told from the request. */
export interface VideoCost {
  seconds?: number;
  money?: number;
  /** `money` is of the gateway's own price list: what the gateway charges in the end takes its place. */
  currency?: 'gateway';
}

/** What was spent or is reserved in some scope. */
export interface Spent {
  videos: number;
  seconds: number;
  money: number;
}

/** Update `requestAdmission`: may this submit be sent? Asked again with the same claim key, it is the same ask. */
export interface AdmissionRequest {
  videoId: string;
  claimKey: string;
  model: string;
  tags: string[];
  priority: VideoPriority;
  batch?: BatchRef;
  cost: VideoCost;
  /** How long the job may hold its slot, in milliseconds from the answer. */
  deadlineMs: number;
  /** The worker's setting; a person's `setLimits` outweighs it. */
  maxJobs: number;
  /** Of the storage that holds the claims; absent from workers that do not say it. */
  storageId?: string;
  /** Since when the video waits, milliseconds since the epoch; absent from workers that do not say it. */
  waitingSince?: number;
}

/**
 * `granted`: a slot is held and the cost reserved, the POST may be sent. `waiting`: signal `admissionReady` says when to
 * ask again; where none comes, ask after `retryAfterMs`. `refused`: a cap would be exceeded.
 */
export type AdmissionAnswer =
  | { outcome: 'granted' }
  | { outcome: 'waiting'; retryAfterMs?: number; outage?: ModelOutage }
  | { outcome: 'refused'; message: string };

/** A model whose vendor failed so many jobs in a row: one job at a time is sent, until one succeeds. */
export interface ModelOutage {
  model: string;
  failures: number;
}

/** Signal `releaseAdmission`: the job no longer runs, or was never made. */
export interface AdmissionRelease {
  videoId: string;
  /** `no`: the reservation is given back. `maybe`: it stays until somebody knows, without a slot. */
  spent: 'yes' | 'no' | 'maybe';
  /** What the gateway charged, where it has said so. */
  charged?: Charge;
  /** How the job ended, where the vendor decided that: it made the video, or it failed. */
  ending?: 'made' | 'vendor_failed';
}

/** What people have set. Tags are counted per UTC day. */
export interface AdmissionLimits {
  /** Jobs at the gateway at once; 0 admits nobody. */
  jobs?: number;
  perDay?: SpendCaps;
  perTag?: Record<string, SpendCaps>;
  perBatch?: SpendCaps;
  perRun?: SpendCaps;
}

export type CapsChange = { [cap in keyof SpendCaps]?: number | null };

/** Update `setLimits`: what is absent stays, null takes a limit away. Answers with all limits. */
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
  /** Jobs at the gateway, or about to be. */
  inFlight: AdmittedVideo[];
  /** Slots kept for videos that were called and have not come yet; absent from admissions of older builds. */
  called?: number;
  /** Reserved without a slot, until somebody knows whether it was spent. */
  reserved: AdmittedVideo[];
  /** About how many; a video that is cancelled while it waits may count for a while. */
  waiting: Record<VideoPriority, number>;
  /** By scope: `day/2026-11-23`, `tag/2026-11-23/<tag>`, `batch/<name>`, `run/<run id>`. */
  spent: Record<string, Spent>;
  /** Models of which one job at a time is sent. */
  outages?: ModelOutage[];
}

export interface AdmittedVideo {
  videoId: string;
  since: string;
  model: string;
  tags: string[];
  batch?: string;
  cost: VideoCost;
}

/** What a claim says of its admission, so that counts can be made again from the claims. */
export interface ClaimedAdmission {
  /** Workflow id of the admission. */
  id: string;
  tags: string[];
  batch?: { name: string; runId: string };
  cost: VideoCost;
}

/** What the admission has granted to one submit. */
export interface Grant extends ClaimedAdmission {
  /** The storage that holds the claims: a worker with another one must not act on it. Absent from older workers. */
  storageId?: string;
}

/** One scope's count, as claims tell it. `touchedAt` in milliseconds since the epoch. */
export interface Tally extends Spent {
  touchedAt: number;
}

export interface CheckHoldersInput {
  holders: { videoId: string; claimKey: string }[];
}

/** Runs that no longer hold what they hold, and whether it was spent, as their claims say. */
export interface CheckedHolders {
  ended: AdmissionRelease[];
}

/** The activities of the admission, on queue video-workflows. */
export interface AdmissionActivities {
  /**
   * Gives back the slot of the video that calls it; its cost stays counted, unless `spent` says otherwise. Without an id: that of the worker's account,
   * for runs that were admitted before the submit said it.
   */
  leaveAdmission(input?: {
    admissionId?: string;
    spent?: AdmissionRelease['spent'];
    charged?: Charge;
    ending?: AdmissionRelease['ending'];
  }): Promise<void>;
  /** Asks Temporal which of these videos' runs are over. */
  checkHolders(input: CheckHoldersInput): Promise<CheckedHolders>;
  /** What people have set, from the storage; null where nothing was. */
  loadLimits(input: { admissionId: string }): Promise<AdmissionLimits | null>;
  /** Writes what people have set into the storage, so that it outlives the admission. */
  keepLimits(input: { admissionId: string; limits: AdmissionLimits }): Promise<void>;
  /** Counts the claims made since then, milliseconds since the epoch, by scope. */
  countSpent(input: { admissionId: string; sinceMs: number }): Promise<Record<string, Tally>>;
}
