import type { VideoBatchInput } from '../../contract/batch.ts';
import type { CronOutlook } from './cron-firings.ts';

/** What happens when a firing is due while the previous batch is still running. */
export const scheduleOverlaps = ['skip', 'buffer-one', 'buffer-all', 'allow-all'] as const;
/** One of {@link scheduleOverlaps}; Temporal documents them as overlap policies. */
export type ScheduleOverlap = (typeof scheduleOverlaps)[number];

/** A batch that runs on a schedule. Each firing reads the manifest as it is at that time. */
export interface BatchSchedule {
  batch: VideoBatchInput;
  /** A cron expression, or milliseconds between two firings. */
  when: { cron: string } | { everyMs: number };
  /** IANA time zone of the cron expression. Default UTC. */
  timeZone?: string;
  /** Default `skip`. */
  overlap?: ScheduleOverlap;
  /** Maximum delay in milliseconds with which the server makes up for a missed firing. Default 1 h. */
  catchupMs?: number;
  /** Each firing is delayed by a random time up to this, milliseconds. Default 0. */
  jitterMs?: number;
  /** Pauses the schedule after a firing with failed rows, until a person resumes it. */
  pauseOnFailure?: boolean;
}

/** A schedule as `list` shows it. Times are ISO 8601, UTC. */
export interface ScheduleSnapshot {
  name: string;
  paused: boolean;
  note?: string;
  /** The next firings. */
  next: string[];
  /** The newest firings, with the names of their batches. */
  recent: { at: string; batch: string }[];
  /** Number of firings that started a batch. */
  fired: number;
  /** Number of firings that were skipped because the previous batch was still running. */
  skipped: number;
  /** Number of firings that were lost because the server was down for longer than `catchupMs`. */
  missed: number;
}

/** A schedule as `show` describes it. */
export interface ScheduleDetails extends ScheduleSnapshot {
  /** Temporal's name of the overlap policy, e.g. `SKIP`. */
  overlap: string;
  catchupMs: number;
  /** 0 if the schedule has no jitter. */
  jitterMs: number;
  pauseOnFailure: boolean;
  /** What each firing starts. Absent for a schedule that another program created. */
  batch?: VideoBatchInput;
  /** Names of the open batches. The server does not track them with `allow-all`; use `batches.list` there. */
  running: string[];
}

/** Result of `create`, with the local times that the cron expression will miss within a year. */
export interface CreatedSchedule extends Partial<CronOutlook> {
  outcome: 'created' | 'updated';
}

/**
 * Batches on Temporal Schedules, by name.
 *
 * All methods except `create` and `list` throw `not_found` if there is no such schedule.
 */
export interface ScheduleClient {
  /**
   * Creates a schedule, or updates the one with this name. An update keeps the paused state.
   *
   * @throws {VideoClientError} `invalid_request` if name, cron expression or time zone is invalid, or if the expression
   *   never fires
   *
   * @example
   * ```ts
   * import { createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * const { outcome, missed } = await videos.schedules.create({
   *   batch: { name: 'nightly', manifest: { key: 'manifests/nightly.jsonl' } },
   *   when: { cron: '0 4 * * *' },
   *   timeZone: 'Europe/Berlin',
   * });
   * console.log(outcome, missed);
   * ```
   */
  create(schedule: BatchSchedule): Promise<CreatedSchedule>;
  /** Describes one schedule. @throws {VideoClientError} `not_found` */
  show(name: string): Promise<ScheduleDetails>;
  /** Lists all schedules of batches in the namespace. */
  list(): Promise<ScheduleSnapshot[]>;
  /** Stops firing until `resume`. Open batches continue. @throws {VideoClientError} `not_found` */
  pause(name: string, note?: string): Promise<void>;
  /** Ends a pause. @throws {VideoClientError} `not_found` */
  resume(name: string): Promise<void>;
  /** Fires now, if the overlap policy permits it. @throws {VideoClientError} `not_found` */
  trigger(name: string): Promise<void>;
  /** Fires once for each scheduled time in a span, one after the other. @throws {VideoClientError} `not_found` */
  backfill(name: string, span: { from: Date; to: Date }): Promise<void>;
  /** Deletes the schedule. Open batches continue. @throws {VideoClientError} `not_found` */
  delete(name: string): Promise<void>;
}
