import type { Charge } from './charge.ts';
import type { Billed, FailureKind, VideoFailure } from './failure.ts';
import type { VideoFormat } from './video-request.ts';

/** A job at the gateway. `jobId` is opaque and compared byte for byte. */
export interface JobRef {
  format: VideoFormat;
  jobId: string;
}

/** The four states we tell apart; a word we do not know is never terminal. */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed';

/** Why a job needs a person's eye although it is still watched. */
export type Attention =
  | 'auth'
  | 'quota'
  | 'gateway_unavailable'
  | 'task_not_found'
  /** "No such task" to an API key that is not the one that paid. */
  | 'other_key'
  /** Not polled: the worker has the API key of another account. */
  | 'other_account'
  /** The word `unknown`, or no status word at all, for several polls in a row. */
  | 'status_unknown';

/** What one or more polls told. No URL in it: links expire and are secrets. */
export interface JobProgress {
  state: JobState;
  /** 0–100, the highest seen; absent when the gateway sends none. */
  progressPercent?: number;
  /** The gateway's own status word where we do not know it. */
  unknownWord?: string;
  attention?: Attention;
  /** Where polls fail, and `attention` says so. */
  failing?: FailedPolls;
  /** In state `failed`: what the gateway said. */
  failure?: JobFailure;
  /** At the end of the job: what the gateway says it charged; 0 where it gave the money back. */
  charged?: Charge;
  /** When the gateway was last asked, milliseconds since the epoch. */
  askedAt: number;
}

/** Polls that failed one after another. */
export interface FailedPolls {
  /** Of the last one. */
  failure: VideoFailure;
  inARow: number;
}

export interface JobFailure {
  kind: FailureKind;
  message: string;
  gatewayCode?: string;
  requestId?: string;
  /** The vendor's moderation refused the finished video. */
  about?: 'moderation';
  /** What the gateway's own record says of the money; absent where it says nothing, as in answers of older workers. */
  billed?: Billed;
  /** True when the wire says that the money was not given back (channel deleted). */
  notRefunded?: boolean;
}
