import type { KeptFile } from '../contract/failure.ts';
import type {
  Cancellation,
  ResolveSubmission,
  VideoPhase,
  VideoStatus,
} from '../contract/messages.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { RequestWarning, VideoRequest } from '../contract/video-request.ts';
import type { JobRef } from '../contract/video-job.ts';
import type { Waiter } from '../contract/waiter.ts';
import type { ClosedOutcome } from '../runs/closed-outcome.ts';
import type { ListedVideo } from '../runs/run-index.ts';
import type { BatchClient } from './batch/batch-client.ts';
import type { LedgerClient } from './ledger-client.ts';
import type { LimitsClient } from './limits-client.ts';
import type { RetentionClient } from './retention-client.ts';
import type { ScheduleClient } from './batch/schedule-client.ts';
import type { StartVideoOptions } from './start-options.ts';

/** Starts and follows videos. Every method that takes a video id accepts `video/<key>` or the key alone. */
export interface VideoClient {
  /**
   * Starts a video, or returns the one that already has this key. One key never pays twice, unless a person decides so
   * with `resolve`.
   *
   * @throws {VideoClientError} `invalid_request`, `key_conflict`, `may_be_billed`
   *
   * @example
   * ```ts
   * import { createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * const body = { model: 'kling-v1', prompt: 'A cat naps in the sun', duration: 5 };
   * const { videoId, outcome } = await videos.start({ format: 'videos', body }, { key: 'order-1001' });
   * console.log(videoId, outcome); // video/order-1001 started
   * ```
   */
  start(request: VideoRequest, options?: StartVideoOptions): Promise<StartedVideo>;
  /**
   * Delivers a job that already exists at the gateway, whoever submitted it. Sends no paid request, so it can be
   * repeated: it joins an open run and returns a stored video.
   *
   * @throws {VideoClientError} `invalid_request`, `key_conflict`, `wrong_phase`, `job_taken`
   */
  adopt(job: JobRef, options?: AdoptOptions): Promise<AdoptedVideo>;
  /**
   * Queries the run for its status. If no worker answers within 3 s, returns what the server's index knows, with
   * `live: false`.
   *
   * @throws {VideoClientError} `not_found`
   *
   * @example
   * ```ts
   * import { createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * console.log((await videos.status('order-1001')).phase);
   * ```
   */
  status(videoId: string): Promise<VideoSnapshot>;
  /**
   * Waits until the video is stored, failed or cancelled. Ends with `pending` if the video is overdue, if its submit is
   * unresolved and undecided, or if `timeoutMs` has passed. `pending` is not a failure: the run continues.
   *
   * All calls for one video on one client share one watch. Without `onStatus` a worker is queried only if the wait may
   * end with `pending`.
   *
   * @throws {VideoClientError} `not_found`
   *
   * @example
   * ```ts
   * import { createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * const end = await videos.wait('order-1001', { timeoutMs: 600_000 });
   * if (end.outcome === 'stored') console.log(end.result.video.uri);
   * if (end.outcome === 'failed') console.log(end.failure.kind, end.failure.billed);
   * ```
   */
  wait(videoId: string, options?: WaitOptions): Promise<VideoOutcome>;
  /**
   * Requests cancellation and returns at once; `wait` reports what it achieved. A closed video is not changed.
   *
   * With `waiterId`, only that waiter leaves. The run continues while it has other waiters.
   *
   * @throws {VideoClientError} `not_found`; `no_answer` with `waiterId` if no worker is running
   *
   * @example
   * ```ts
   * import { createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * const request = await videos.cancel('order-1001');
   * if (request.outcome === 'cancelling') console.log(await videos.wait('order-1001'));
   * ```
   */
  cancel(videoId: string, options?: CancelOptions): Promise<CancelRequest>;
  /**
   * Ends the wait of every waiter and still stores the video, because it is paid for.
   *
   * @throws {VideoClientError} `not_found`; `wrong_phase` if nothing was spent or the run has ended; `no_answer` if no
   * worker is running, although a worker may still do it later
   */
  keep(videoId: string): Promise<Cancellation>;
  /**
   * Decides a submit with an unknown outcome: adopt a job, submit again, or abandon it.
   *
   * @throws {VideoClientError} `not_found`, `wrong_phase`, `job_taken`; `no_answer` if no worker is running, although
   * a worker may still do it later. A repeated call decides once.
   */
  resolve(videoId: string, decision: ResolveSubmission): Promise<void>;
  /** Lists videos, newest first. Default limit 50. The server's index lags by about a second. */
  list(filter?: { phase?: VideoPhase; limit?: number }): Promise<ListedVideo[]>;
  /**
   * Opens the file of a stored video. Requires the `storage` option of `createVideoClient`.
   *
   * @throws {VideoClientError} `no_storage`, `not_found`, `not_stored`, `file_gone`, `damaged`
   *
   * @example
   * ```ts
   * import { createWriteStream } from 'node:fs';
   * import { pipeline } from 'node:stream/promises';
   * import { createVideoClient, type VideoReader } from 'onetake';
   *
   * declare const storage: VideoReader; // `createStorage` of "onetake/storage" makes one
   * const videos = await createVideoClient({ storage });
   * const { body } = await videos.openVideo('order-1001');
   * await pipeline(body, createWriteStream('order-1001.mp4'));
   * ```
   */
  openVideo(videoId: string): Promise<OpenedVideo>;
  /** Batches of videos from a manifest. */
  readonly batches: BatchClient;
  /** Schedules of batches. */
  readonly schedules: ScheduleClient;
  /** The schedule that prunes old videos. */
  readonly retention: RetentionClient;
  /** Slots and spend caps of a gateway account. */
  readonly limits: LimitsClient;
  /** Runs and scheduled checks of the ledger. */
  readonly ledger: LedgerClient;
  /** Closes the connection if this client opened it. */
  close(): Promise<void>;
}

/** Result of `start`. */
export interface StartedVideo {
  videoId: string;
  runId: string;
  /** `started`: a new run. `joined`: an open run. `cached`: the video is stored, and nothing was started. */
  outcome: 'started' | 'joined' | 'cached';
  waiterId: string;
  /** Fields that the gateway will change or drop without an error. */
  warnings: RequestWarning[];
}

/** Options of `adopt`. */
export interface AdoptOptions {
  /**
   * The video that the job belongs to. Its run has ended, or its submit is unresolved. Default: the video that already
   * has the job, else a new one, `video/job/<job id>`.
   */
  videoId?: string;
  /** Milliseconds from the submit after which the video is overdue. Default: the worker's setting. */
  deadlineMs?: number;
}

/** Result of `adopt`. */
export type AdoptedVideo = Pick<StartedVideo, 'videoId' | 'runId'> & {
  /** `resolved`: the submit was unresolved, and the run has adopted the job. */
  outcome: StartedVideo['outcome'] | 'resolved';
};

/** Options of `cancel`: the waiter, as `start` returned it. */
export type CancelOptions = Waiter;

/**
 * Result of `cancel`. `cancelling`: cancellation is requested. `left`: the run continues for `others` waiters.
 * `not_waiting`: this waiter was not waiting; nothing changed. `closed`: the run had already ended.
 */
export type CancelRequest =
  | { outcome: 'cancelling' | 'closed' }
  | { outcome: 'left' | 'not_waiting'; others: number };

/** Options of `wait`. */
export interface WaitOptions {
  /** Maximum wait in milliseconds. Default: no limit. */
  timeoutMs?: number;
  /** Called with the status at once, then after each observed change. */
  onStatus?: (status: VideoSnapshot) => void;
  /**
   * Interval between two reads of the status in milliseconds. Default 1,000 with `onStatus`, else 5,000. The end of the
   * run is noticed at once, whatever the interval.
   */
  intervalMs?: number;
  /** When aborted, the wait rejects with an `AbortError`. The run continues. */
  signal?: AbortSignal;
  /** Also waits while the video is overdue or unresolved, until it is stored, failed or cancelled. */
  untilClosed?: boolean;
}

/** Result of `openVideo`. */
export interface OpenedVideo<File extends KeptFile = StoredVideo> {
  video: File;
  /**
   * The bytes of the file; can be read once. If size or SHA-256 differ from the stored values, it rejects with
   * `damaged` before the last chunk, so a reader never receives the whole of a damaged file.
   */
  body: AsyncIterable<Uint8Array>;
}

/** Result of `wait`: how the run ended, or why the wait stopped before that. */
export type VideoOutcome =
  | ClosedOutcome
  /** Still running: the timeout passed, the deadline passed, or a person must decide. */
  | {
      outcome: 'pending';
      videoId: string;
      reason: 'limit' | 'overdue' | 'unresolved';
      status: VideoSnapshot;
    };

/** A status. `live`: the run itself answered; otherwise it comes from the server's index, which has fewer fields. */
export type VideoSnapshot = Pick<VideoStatus, 'phase' | 'billed' | 'startedAt'> &
  Partial<VideoStatus> & { videoId: string; live: boolean };
