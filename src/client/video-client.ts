import type { VideoLabels } from '../contract/admission.ts';
import type { KeptFile } from '../contract/failure.ts';
import type {
  Cancellation,
  ResolveSubmission,
  VideoPhase,
  VideoStatus,
} from '../contract/messages.ts';
import type { Retakes } from '../contract/retakes.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { RequestWarning, VideoRequest } from '../contract/video-request.ts';
import type { JobRef } from '../contract/video-job.ts';
import type { Waiter } from '../contract/waiter.ts';
import type { VideoIdentity } from '../identity/workflow-id.ts';
import type { ClosedOutcome } from '../runs/closed-outcome.ts';
import type { ListedVideo } from '../runs/run-index.ts';
import type { BatchClient } from './batch/batch-client.ts';
import type { LedgerClient } from './ledger-client.ts';
import type { LimitsClient } from './limits-client.ts';
import type { RetentionClient } from './retention-client.ts';
import type { ScheduleClient } from './batch/schedule-client.ts';

export interface VideoClient {
  /**
   * Starts a video, or finds the one that this key already stands for: nothing is ever paid twice for one key.
   *
   * @throws {VideoClientError} `invalid_request`, `key_conflict`, `may_be_billed`
   */
  start(request: VideoRequest, options?: StartVideoOptions): Promise<StartedVideo>;
  /**
   * Delivers a job that exists at the gateway, however it came into being. Sends no paid request, so it may be asked
   * as often as one likes: it joins what is under way, and finds what is stored.
   */
  adopt(job: JobRef, options?: AdoptOptions): Promise<AdoptedVideo>;
  /** @throws {VideoClientError} `not_found` */
  status(videoId: string): Promise<VideoSnapshot>;
  /**
   * Waits until the video has an outcome, or until there is nothing to wait for in the foreground: it is overdue or
   * its submit is unresolved, or the limit has passed. None of these three is a failure; the video goes on.
   *
   * All who wait for one video through one client share one watch of it. Without `onStatus` no worker is asked.
   */
  wait(videoId: string, options?: WaitOptions): Promise<VideoOutcome>;
  /**
   * Asks for cancellation and returns at once; `wait` tells what it achieved. A closed video stays as it is.
   *
   * With `waiterId`, only that one stops waiting, and the video goes on while others wait for it.
   *
   * @throws {VideoClientError} `no_answer` with `waiterId`, when no worker is up to say who waits
   */
  cancel(videoId: string, options?: CancelOptions): Promise<CancelRequest>;
  /**
   * Nobody waits any longer, and the video that was paid for is stored all the same.
   *
   * @throws {VideoClientError} `wrong_phase` when nothing was spent, or the video has ended
   */
  keep(videoId: string): Promise<Cancellation>;
  /** Decides a submit whose outcome is unknown. @throws {VideoClientError} `wrong_phase`, `job_taken` */
  resolve(videoId: string, decision: ResolveSubmission): Promise<void>;
  /** Newest first. The index behind it lags by about a second. */
  list(filter?: { phase?: VideoPhase; limit?: number }): Promise<ListedVideo[]>;
  /**
   * Opens the file of a stored video. Needs the `storage` of `createVideoClient`.
   *
   * @throws {VideoClientError} `no_storage`, `not_found`, `not_stored`, `file_gone`, `damaged`
   */
  openVideo(videoId: string): Promise<OpenedVideo>;
  readonly batches: BatchClient;
  readonly schedules: ScheduleClient;
  readonly retention: RetentionClient;
  readonly limits: LimitsClient;
  readonly ledger: LedgerClient;
  /** Closes the connection if this client opened it. */
  close(): Promise<void>;
}

/**
 * `tags`, `priority` and `batch` are for the admission and the ledger. A video that is joined or found keeps those of the
 * one who started it.
 */
export interface StartVideoOptions extends VideoIdentity, VideoLabels {
  /** A new sample, paid for, whatever is stored or under way. Not together with `key` or `take`. */
  fresh?: boolean;
  /**
   * How old a stored video may be to answer for an equal request, milliseconds. Default 1 h. A video with a `key` or a
   * `take` of its own never expires.
   */
  cacheMs?: number;
  /** Who waits, for `cancel`. Default: a name made for this call. */
  waiterId?: string;
  /** @deprecated Former name of `waiterId`. */
  asker?: string;
  /** Milliseconds from the submit after which the video counts as overdue. Default: the worker's. */
  deadlineMs?: number;
  /** Milliseconds that one submit may take. Default 180,000. */
  submitTimeoutMs?: number;
  /** Off unless given: a job that failed at no cost, for one of these kinds, is made again, at most `max` times. */
  retakes?: Retakes;
  /** Send also what every known plugin of the gateway would refuse: a refusal becomes a warning. */
  sendAnyway?: boolean;
}

export interface StartedVideo {
  videoId: string;
  runId: string;
  /** `started`: a new run was started. `joined`: one is under way. `cached`: the video is stored; nothing was started. */
  outcome: 'started' | 'joined' | 'cached';
  waiterId: string;
  /** What the gateway will silently change or drop of this request. */
  warnings: RequestWarning[];
}

export interface AdoptOptions {
  /**
   * The video that the job belongs to: its run has ended, or its submit is unresolved. Default: the video that has the
   * job already, else a video of its own, `video/job/<job id>`.
   */
  videoId?: string;
  deadlineMs?: number;
}

export type AdoptedVideo = Pick<StartedVideo, 'videoId' | 'runId'> & {
  /** `resolved`: the video was unresolved, and has adopted the job. */
  outcome: StartedVideo['outcome'] | 'resolved';
};

/** As `start` gave it. */
export type CancelOptions = Waiter;

/**
 * `cancelling`: the run is asked to end. `left`: others wait, so it goes on without this waiter. `not_waiting`: this waiter
 * is none of those who wait; nothing was changed. `closed`: it had ended.
 */
export type CancelRequest =
  | { outcome: 'cancelling' | 'closed' }
  | { outcome: 'left' | 'not_waiting'; others: number };

export interface WaitOptions {
  /** Milliseconds. Without it, waits for an outcome, `overdue` or `unresolved`. */
  timeoutMs?: number;
  /** Called with the status at once and then on each change that is noticed. */
  onStatus?: (status: VideoSnapshot) => void;
  /**
   * How often the status is read, milliseconds. Default 1,000 with `onStatus`, else 5,000. The outcome of a video is
   * noticed at once whatever it is.
   */
  intervalMs?: number;
  /** Aborted, the wait rejects with an `AbortError`; the video goes on. */
  signal?: AbortSignal;
}

export interface OpenedVideo<File extends KeptFile = StoredVideo> {
  video: File;
  /**
   * The bytes from the start, once. Rejects with `damaged` in the place of its last piece where size or SHA-256 are not
   * those of the stored video: only who has read to the end has the video.
   */
  body: AsyncIterable<Uint8Array>;
}

export type VideoOutcome =
  | ClosedOutcome
  /** Still under way: the limit passed, the deadline passed, or a person must decide. */
  | {
      outcome: 'pending';
      videoId: string;
      reason: 'limit' | 'overdue' | 'unresolved';
      status: VideoSnapshot;
    };

/** A status, and whether it comes from the run itself (`live`) or from the server's index, which knows less. */
export type VideoSnapshot = Pick<VideoStatus, 'phase' | 'billed' | 'startedAt'> &
  Partial<VideoStatus> & { videoId: string; live: boolean };
