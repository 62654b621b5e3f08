import type { Charge } from './charge.ts';
import type { Billed, FailureKind, VideoFailure } from './failure.ts';
import type { VideoFormat } from './video-request.ts';

/** A job at the gateway. `jobId` is opaque and is compared byte for byte. */
export interface JobRef {
  format: VideoFormat;
  jobId: string;
}

/** State of a job. An unknown status word never counts as terminal. */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed';

/** Why a person should look at a job that is still being polled. */
export type Attention =
  | 'auth'
  | 'quota'
  | 'gateway_unavailable'
  | 'task_not_found'
  /** The gateway answered "no such task" to an API key other than the one that paid. */
  | 'other_key'
  /** Not polled: the worker has the API key of another account. */
  | 'other_account'
  /** Several polls in a row returned `unknown` or no status word. */
  | 'status_unknown';

/** What polls have found. Contains no URL, because links expire and are secrets. */
export interface JobProgress {
  state: JobState;
  /** 0–100, the highest value so far; absent if the gateway sends none. */
  progressPercent?: number;
  /** The gateway's status word, if it is unknown to onetake. */
  unknownWord?: string;
  attention?: Attention;
  /** Set while polls fail; `attention` has the reason. */
  failing?: FailedPolls;
  /** In state `failed`: the gateway's error. */
  failure?: JobFailure;
  /** At the end of the job: what the gateway charged; 0 after a refund. */
  charged?: Charge;
  /** In state `succeeded`: milliseconds from the submit to the completion at the gateway; absent if unknown. */
  jobMs?: number;
  /** In state `succeeded`: the poll has released the slot of the admission. */
  slotReleased?: true;
  /** Time of the last poll, milliseconds since the epoch. */
  askedAt: number;
}

/** `details[0]` of the failure `VideoPending`, for clients: a poll without news for the workflow. */
export interface PendingPoll extends Partial<FailedPolls> {
  /** What the gateway last said. Older workers do not set it. */
  progress?: Pick<JobProgress, 'state' | 'progressPercent'>;
}

/** Consecutive failed polls. */
export interface FailedPolls {
  /** The failure of the last poll. */
  failure: VideoFailure;
  inARow: number;
}

/** Why a job failed, according to the gateway. */
export interface JobFailure {
  kind: FailureKind;
  message: string;
  gatewayCode?: string;
  requestId?: string;
  /** The vendor's moderation rejected the finished video. */
  about?: 'moderation';
  /** Billing status in the gateway's record; absent if unknown. Older workers do not set it. */
  billed?: Billed;
  /** True if the gateway reports that it did not refund the job (channel deleted). */
  notRefunded?: boolean;
}
