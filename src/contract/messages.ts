import type { ExpectedEnd } from './expected-time.ts';
import type { Billed, VideoFailure } from './failure.ts';
import type { WaitingPlace } from './place-in-queue.ts';
import type { FailedTake, Retakes } from './retakes.ts';
import type { StoredVideo } from './stored-video.ts';
import type { Attention } from './video-job.ts';
import type { RequestWarning, VideoFormat, VideoRequest } from './video-request.ts';
import type { Waiter } from './waiter.ts';
import type { WebhookEventType } from './webhook.ts';

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

/** The phases of a video. The last three are final. */
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
/** One of {@link videoPhases}. */
export type VideoPhase = (typeof videoPhases)[number];

/** Input of `generateVideoWorkflow`. New fields are always optional. */
export interface GenerateVideoInput {
  request: VideoRequest;
  /** Milliseconds from the submit after which the video is overdue. Default: the worker's setting, else 30 minutes. */
  deadlineMs?: number;
  /** Timeout of one submit in milliseconds; after it, the outcome is unknown. Default 180,000. */
  submitTimeoutMs?: number;
  /** The caller's id as a waiter; others may join. Without it, a cancellation stops the run for all. */
  waiterId?: string;
  /** @deprecated Former name of `waiterId`. */
  asker?: string;
  /** Further waiters, of a run that continues as new. */
  waiterIds?: string[];
  /** @deprecated Former name of `waiterIds`. */
  askers?: string[];
  /**
   * The id in the caller's Unicode spelling, if that is neither NFC nor NFD. An earlier version may have paid under
   * this id.
   */
  spelledId?: string;
  /**
   * Requires a video that is newer than this, milliseconds since the epoch. If the id was paid for before, the run
   * fails with `key_conflict` instead of delivering the earlier video.
   */
  freshSince?: number;
  /** Sends the request even if every known plugin of the gateway would refuse it. Refusals become warnings. */
  sendAnyway?: true;
  /** If set, a job that failed at no cost with one of these kinds is submitted again, within the limits. */
  retakes?: Retakes;
  /** For limits, the ledger and pruning. */
  tags?: string[];
  /** `interactive` videos are admitted first. Default `interactive`. */
  priority?: 'interactive' | 'batch';
  /** The run of a batch that this video belongs to. */
  batch?: BatchRef;
  /** Addresses that receive the events of this video. The endpoints of the operator or tenant must allow their hosts. */
  callbackUrls?: string[];
  /** The same of callers that joined an earlier run of this chain. A host that is not allowed is not called. */
  joinedCallbackUrls?: string[];
  /** Number of events per type that earlier runs of this chain have announced. Set by a run that continues as new. */
  announced?: Partial<Record<WebhookEventType, number>>;
}

/** A run of a batch, with its spend caps. */
export interface BatchRef {
  /** Name of the batch: its workflow id is `batch/<name>`. */
  name: string;
  runId: string;
  caps?: SpendCaps;
}

/** Upper limits. An absent field has no limit. */
export interface SpendCaps {
  videos?: number;
  /** Requested seconds of video. */
  seconds?: number;
  /** In the currency of the price list; requires one. */
  money?: number;
}

/** Input of `collectVideoWorkflow`: an existing job. */
export interface CollectVideoInput {
  format: VideoFormat;
  jobId: string;
  deadlineMs?: number;
  /** The original request, if known. The file is compared with it. */
  request?: VideoRequest;
}

/** Result of both workflows. A failed run ends with an ApplicationFailure whose `details[0]` is a `VideoFailure`. */
export interface VideoResult {
  video: StoredVideo;
  jobId: string;
  billed: Billed;
  warnings: RequestWarning[];
  /** An earlier run of this key paid for the job. This run submitted nothing. */
  paidBefore?: true;
}

/** Answer of the query `videoStatus`. Times are ISO 8601, UTC. */
export interface VideoStatus {
  phase: VideoPhase;
  format: VideoFormat;
  model?: string;
  jobId?: string;
  /** 0–100, the highest value that the gateway has reported. */
  progressPercent?: number;
  billed: Billed;
  startedAt: string;
  submittedAt?: string;
  deadlineAt?: string;
  /** When the job will complete, if similar jobs are known. */
  expected?: ExpectedEnd;
  /** Time of the last change of this status. */
  changedAt: string;
  attention?: Attention;
  /** The gateway's status word, if it is unknown to onetake. */
  unknownWord?: string;
  /** In phase `unresolved`: the submit with an unknown outcome. */
  unresolved?: UnresolvedSubmit;
  /** In phase `waiting`: the place in the queue of the admission. */
  waiting?: WaitingPlace;
  /** A step that has failed and is being retried. */
  retrying?: RetriedStep;
  cancellation?: Cancellation;
  /** Earlier jobs that failed at no cost and were retaken, oldest first. */
  failedTakes?: FailedTake[];
  failure?: VideoFailure;
  video?: StoredVideo;
  warnings: RequestWarning[];
}

/**
 * A step that is retried. `submit`: the gateway did not accept the submit, at no cost. `admission`: there is no slot,
 * or the request for one failed. `reconciliation`: looking up a submit with an unknown outcome. `adoption`: recording
 * that the job belongs to this video.
 */
export type RetriedStepName =
  | 'admission'
  | 'submit'
  | 'reconciliation'
  | 'adoption'
  | 'poll'
  | 'delivery';

/** A failed step and its next attempt. Times are ISO 8601, UTC. */
export interface RetriedStep {
  /** Older workers do not set it; they report submits only. */
  step?: RetriedStepName;
  /** The failure of the last attempt. */
  failure: VideoFailure;
  /** Number of failed attempts in a row; absent if not counted. */
  attempt?: number;
  /** Start of the next attempt; absent while an attempt is running. */
  until?: string;
}

/** Input of signal `deliveryFailed`, sent by the delivery activity, because a workflow cannot see failed attempts. */
export type DeliveryFailed = Pick<RetriedStep, 'failure' | 'attempt' | 'until'>;

/** A submit with an unknown outcome. Times are ISO 8601, UTC. */
export interface UnresolvedSubmit {
  failure: VideoFailure;
  /** The POST was sent at this time or later. */
  since: string;
  /** The POST was sent at this time or earlier. */
  until: string;
  /** Findings from the gateway's records so far. */
  findings: string[];
  /** Ids of jobs that may belong to this submit. */
  candidates: string[];
  /** The decision of a person. It takes effect when a lookup that is running at the gateway has ended. */
  decided?: ResolveSubmission['action'];
}

/**
 * Input of update `cancelVideo`. `keep` ends all waits and still stores the paid video. To stop the run instead, use
 * Temporal's cancellation.
 */
export interface CancelVideo {
  keep: true;
}

/**
 * What a cancellation achieved. The gateway cannot cancel a job, so a submitted job continues and stays billed. `kept`:
 * the video will be stored, without waiters.
 */
export interface Cancellation {
  outcome: 'stopped_before_spend' | 'watching_stopped' | 'kept';
  billed: Billed;
  jobId?: string;
}

/**
 * Input of update `leaveVideo`, which removes a waiter. (The input of signal `joinVideo` is a {@link Waiter}.)
 * `cancelIf` cancels the run in the same step if it has no other waiter: `last` only if this waiter was waiting,
 * `nobody_waits` in any case.
 */
export interface LeaveVideo extends Waiter {
  cancelIf?: 'last' | 'nobody_waits';
}

/** Answer of update `leaveVideo`. */
export interface StillWaiting {
  /** False for a waiter that never joined, or has left. */
  wasWaiting: boolean;
  /** Number of remaining waiters. */
  others: number;
  /** The run is being cancelled. Runs of older workers do not cancel themselves. */
  cancelling?: true;
}

/** Input of signal `videoJobEvent`: the job may have changed. Triggers a poll; its content is not used as a result. */
export interface VideoJobEvent {
  jobId?: string;
  /** Free text for the log, e.g. `webhook video.completed`. */
  source?: string;
}

/** Input of update `resolveSubmission`, which is accepted in phase `unresolved` only. */
export type ResolveSubmission = (
  | { action: 'adopt'; jobId: string }
  | { action: 'resubmit' }
  | { action: 'abandon' }
) & {
  /** `since` of the submit that was decided about. Rejected if another submit is unresolved now. */
  since?: string;
};
