import type { Billed, VideoFailure } from './failure.ts';
import type { FailedTake, Retakes } from './retakes.ts';
import type { StoredVideo } from './stored-video.ts';
import type { Attention } from './video-job.ts';
import type { RequestWarning, VideoFormat, VideoRequest } from './video-request.ts';
import type { Waiter } from './waiter.ts';

/** Names of queries, signals and updates. */
export const messageNames = {
  videoStatus: 'videoStatus',
  videoJobEvent: 'videoJobEvent',
  resolveSubmission: 'resolveSubmission',
  cancelVideo: 'cancelVideo',
  joinVideo: 'joinVideo',
  leaveVideo: 'leaveVideo',
  deliveryFailed: 'deliveryFailed',
} as const;

export const videoPhases = [
  'waiting',
  'submitting',
  'unresolved',
  'queued',
  'running',
  'overdue',
  'delivering',
  'stored',
  'failed',
  'cancelled',
] as const;
export type VideoPhase = (typeof videoPhases)[number];

/** Input of `generateVideoWorkflow`. New fields are only ever added, and optional. */
export interface GenerateVideoInput {
  request: VideoRequest;
  /** Milliseconds from the submit after which the video counts as overdue. Default: the worker's, else 30 minutes. */
  deadlineMs?: number;
  /** How long one submit may take before its outcome counts as unknown, in milliseconds. Default 180,000. */
  submitTimeoutMs?: number;
  /** Who waits, in words of the caller's own; others may join. Without it, a cancellation stops the run for all. */
  waiterId?: string;
  /** @deprecated Former name of `waiterId`. */
  asker?: string;
  /** Of a run that begins again: who waits for it beside `waiterId`. */
  waiterIds?: string[];
  /** @deprecated Former name of `waiterIds`. */
  askers?: string[];
  /**
   * The id in the Unicode spelling of the caller, where that is neither composed (NFC) nor decomposed (NFD): an earlier
   * version may have paid under it.
   */
  spelledId?: string;
  /**
   * A new video is asked for at this moment, milliseconds since the epoch: where the id was paid for before, the run fails
   * with `key_conflict` instead of delivering the earlier video.
   */
  freshSince?: number;
  /** Send also what every known plugin of the gateway would refuse: a refusal becomes a warning. */
  sendAnyway?: true;
  /** Off unless given. A take that failed at no cost, for one of these kinds, is made again within the limits. */
  retakes?: Retakes;
  /** For limits, the ledger and retention. */
  tags?: string[];
  /** Interactive videos are admitted before those of a batch. Default `interactive`. */
  priority?: 'interactive' | 'batch';
  /** The run of a batch that this video belongs to. */
  batch?: BatchRef;
}

/** A run of a batch, and what it may spend. */
export interface BatchRef {
  /** Name of the batch: its workflow id is `batch/<name>`. */
  name: string;
  runId: string;
  caps?: SpendCaps;
}

/** Upper limits; whatever is absent is not limited. */
export interface SpendCaps {
  videos?: number;
  /** Seconds of video, as asked for. */
  seconds?: number;
  /** In the currency of the price list; needs one. */
  money?: number;
}

/** Input of `collectVideoWorkflow`: a job that exists already. */
export interface CollectVideoInput {
  format: VideoFormat;
  jobId: string;
  deadlineMs?: number;
  /** What was asked, if known: the file is compared with it. */
  request?: VideoRequest;
}

/** Result of both workflows. A failure is thrown as an ApplicationFailure with a `VideoFailure` in its details. */
export interface VideoResult {
  video: StoredVideo;
  jobId: string;
  billed: Billed;
  warnings: RequestWarning[];
  /** The job was paid for by an earlier run of this key: nothing was submitted now. */
  paidBefore?: true;
}

/** Answer of the query `videoStatus`. Times are ISO 8601, UTC. */
export interface VideoStatus {
  phase: VideoPhase;
  format: VideoFormat;
  model?: string;
  jobId?: string;
  /** 0–100, the highest that the gateway has reported. */
  progressPercent?: number;
  billed: Billed;
  startedAt: string;
  submittedAt?: string;
  deadlineAt?: string;
  /** When this status last changed. */
  changedAt: string;
  attention?: Attention;
  /** The gateway's status word where we do not know it. */
  unknownWord?: string;
  /** In phase `unresolved`: the submit whose outcome nobody knows. */
  unresolved?: UnresolvedSubmit;
  /** A step has failed and is tried again: why, and when. */
  retrying?: RetriedStep;
  cancellation?: Cancellation;
  /** Jobs before this one that failed at no cost and were made again, in their order. */
  failedTakes?: FailedTake[];
  failure?: VideoFailure;
  video?: StoredVideo;
  warnings: RequestWarning[];
}

/**
 * `submit`: the gateway did not accept it, which cost nothing. `admission`: there is no slot, or the request for one failed.
 * `reconciliation`: the look for what became of a lost submit. `adoption`: writing down that the job belongs to this video.
 */
export type RetriedStepName =
  | 'admission'
  | 'submit'
  | 'reconciliation'
  | 'adoption'
  | 'poll'
  | 'delivery';

export interface RetriedStep {
  /** Absent in answers of older workers, which told of submits only. */
  step?: RetriedStepName;
  /** Of the last attempt. */
  failure: VideoFailure;
  /** How many attempts in a row have failed; absent where that is not counted. */
  attempt?: number;
  /** When the next attempt begins; absent while one is under way. */
  until?: string;
}

/** Signal `deliveryFailed`: sent by the delivery itself, since a run does not see the attempts of its activities. */
export type DeliveryFailed = Pick<RetriedStep, 'failure' | 'attempt' | 'until'>;

export interface UnresolvedSubmit {
  failure: VideoFailure;
  /** Not earlier than this was the POST sent. */
  since: string;
  /** Not later than this. */
  until: string;
  /** What the gateway's own records said so far. */
  findings: string[];
  /** Jobs that may be the lost one. */
  candidates: string[];
}

/**
 * Update `cancelVideo`: `keep` means that nobody waits any longer and the paid video is stored all the same. Without
 * `keep`, use the standard cancellation of Temporal.
 */
export interface CancelVideo {
  keep: true;
}

/**
 * What a cancellation achieved: the gateway has no cancel route, so a submitted job goes on and stays billed. `kept`:
 * nobody waits any longer, and the video will be stored.
 */
export interface Cancellation {
  outcome: 'stopped_before_spend' | 'watching_stopped' | 'kept';
  billed: Billed;
  jobId?: string;
}

/**
 * Update `leaveVideo`: one waits no longer; signal `joinVideo` is a {@link Waiter} alone. With `cancelIf`, the run is cancelled in the same step where nobody else
 * waits: `last`, if the one who leaves was waiting; `nobody_waits`, in any case.
 */
export interface LeaveVideo extends Waiter {
  cancelIf?: 'last' | 'nobody_waits';
}

/** Answer of update `leaveVideo`. */
export interface StillWaiting {
  /** False for a waiter that never joined, or has left. */
  wasWaiting: boolean;
  /** How many wait on. */
  others: number;
  /** The run is being cancelled. Runs of older workers do not do that themselves. */
  cancelling?: true;
}

/** Signal `videoJobEvent`: something happened to the job. A hint that wakes the poll, never a result. */
export interface VideoJobEvent {
  jobId?: string;
  /** Free text for the log, e.g. `webhook video.completed`. */
  source?: string;
}

/** Update `resolveSubmission`, accepted in phase `unresolved` only. */
export type ResolveSubmission =
  | { action: 'adopt'; jobId: string }
  | { action: 'resubmit' }
  | { action: 'abandon' };
