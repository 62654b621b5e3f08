import type { BatchOutlook, Paced } from './batch-pace.ts';
import type { Billed, VideoFailure } from './failure.ts';
import type { GenerateVideoInput, SpendCaps } from './messages.ts';
import type { VideoRequest } from './video-request.ts';
import type { Waiter } from './waiter.ts';

/** Workflow types of a batch. */
export const batchWorkflowTypes = {
  batch: 'videoBatchWorkflow',
  partition: 'videoBatchPartitionWorkflow',
} as const;

/** Prefix of a batch's workflow id, followed by its name. A schedule appends the time of the firing. */
export const batchIdPrefix = 'batch/';

/** Names of the queries, updates and signals of a batch. */
export const batchMessages = {
  batchStatus: 'batchStatus',
  pauseBatch: 'pauseBatch',
  resumeBatch: 'resumeBatch',
  retryFailed: 'retryFailed',
  keepBatch: 'keepBatch',
  /** Between the workflows of one batch. */
  partitionReport: 'batchPartitionReport',
  partitionControl: 'batchPartitionControl',
  rowPhase: 'batchRowPhase',
} as const;

/** Failure type of a run with `failAtEnd` and failed rows. `details[0]` is its VideoBatchResult. */
export const batchRowsFailed = 'batch_rows_failed';

/** Default number of concurrent videos of a batch. */
export const defaultBatchWindow = 20;

/** One valid row of a manifest. The manifest in the storage has one as JSON per line. */
export interface BatchRow {
  /** Unique in the batch. The video id is `video/<batch>/<key>`. May contain `{{date}}` until a run starts. */
  key: string;
  /** Line number in the original file, from 1. */
  line: number;
  request: VideoRequest;
  tags: string[];
  /** File name for `batch results --copy`, without a folder. */
  output?: string;
}

/** Outcome of a row. */
export type BatchRowState = 'stored' | 'failed' | 'cancelled' | 'overdue' | 'unresolved';
/** How a row got its video. `cached`: it was already stored. `joined`: another run was making it. */
export type BatchRowOrigin = 'started' | 'joined' | 'cached';

/** One line of the results manifest. */
export interface BatchRowResult {
  key: string;
  line: number;
  videoId: string;
  state: BatchRowState;
  origin: BatchRowOrigin;
  billed: Billed;
  jobId?: string;
  /** The stored video: object key, URI, SHA-256 and size. */
  video?: { key: string; uri: string; sha256: string; sizeBytes: number; durationSeconds: number };
  failure?: VideoFailure;
  output?: string;
}

/** Number of rows by state. Every row is in exactly one state. */
export interface BatchCounts {
  waiting: number;
  running: number;
  joined: number;
  overdue: number;
  unresolved: number;
  stored: number;
  failed: number;
  cancelled: number;
}

/** Number of stored or running videos by origin. */
export type BatchOrigins = Record<BatchRowOrigin, number>;

/** Input of `videoBatchWorkflow`. New fields are always optional. */
export interface VideoBatchInput extends Pick<GenerateVideoInput, 'retakes' | 'sendAnyway'> {
  /** Lower-case letters, digits, `.`, `_` and `-`. */
  name: string;
  /** Object key of the manifest in the storage: one BatchRow as JSON per line. */
  manifest: { key: string };
  /** Maximum number of concurrent videos. Default 20. */
  window?: number;
  /** Milliseconds from the submit after which a video is overdue. Default: the worker's setting. */
  deadlineMs?: number;
  /** Time for `{{date}}`, ISO 8601. Default: the scheduled time, else the start of the run. */
  at?: string;
  /** IANA time zone of `{{date}}`. Default UTC. */
  timeZone?: string;
  /** Spend caps of one run of the batch. The admission refuses rows that would exceed them. */
  caps?: SpendCaps;
  /** If a row failed, the run ends as Failed after all rows, so that a schedule can pause itself. */
  failAtEnd?: true;
}

/** Phase of a batch. `keeping`: starts no more rows and stores the videos that are paid for. */
export type BatchPhase = 'preparing' | 'running' | 'paused' | 'keeping' | 'done' | 'cancelled';

/** Answer of query `batchStatus`, from the last report of each partition. Times are ISO 8601, UTC. */
export interface BatchStatus extends BatchOutlook, Paced {
  name: string;
  phase: BatchPhase;
  /** Absent until the manifest has been read. */
  rows?: number;
  counts: BatchCounts;
  origins: BatchOrigins;
  /** Number of failed rows with `billed: no`, which `retryFailed` starts again. */
  retryable: number;
  window: number;
  partitions: { total: number; begun: number; ended: number };
  /** Open partitions with their last reports. */
  open: { workflowId: string; report: PartitionTally }[];
  startedAt: string;
  /** Prefix of the objects of this run. `<folder>/results-0001.jsonl` etc. grow while it runs. */
  folder: string;
  /** Some of the newest failures. */
  failures: BatchRowFailure[];
}

/** A failed row, for the status. */
export interface BatchRowFailure extends Pick<BatchRowResult, 'key' | 'line' | 'billed'> {
  kind: VideoFailure['kind'];
  message: string;
}

/** Result of `videoBatchWorkflow`. */
export interface VideoBatchResult {
  name: string;
  rows: number;
  counts: BatchCounts;
  origins: BatchOrigins;
  retryable: number;
  /** Object keys of the complete results manifest. */
  results: { jsonl: string; csv: string };
}

/** Input of `videoBatchPartitionWorkflow`. */
export interface BatchPartitionInput {
  batch: Pick<VideoBatchInput, 'name' | 'deadlineMs' | 'caps' | 'retakes' | 'sendAnyway'> & {
    runId: string;
  };
  index: number;
  rows: string;
  results: string;
  /** Its slots of the window at the start. */
  slots: number;
  window: number;
  /** Only the rows that failed with `billed: no`. */
  retry?: true;
  /** Started by a schedule: ends even if rows are overdue or unresolved. Their runs continue. */
  handsOn?: true;
}

/** State of the rows of a partition. */
export interface PartitionTally extends Paced {
  counts: BatchCounts;
  origins: BatchOrigins;
  retryable: number;
  failures: BatchRowFailure[];
}

/** Signal `batchPartitionReport` to the batch, and the result of a partition. */
export interface PartitionReport extends PartitionTally {
  index: number;
  /** Number of slots that this report releases. */
  released: number;
}

/** Input of signal `batchPartitionControl` to a partition. Absent fields are not changed. */
export interface PartitionControl {
  /** Additional slots. */
  slots?: number;
  paused?: boolean;
  retry?: true;
  keep?: true;
}

/** Input of signal `batchRowPhase` of a video to its partition. An overdue or unresolved row frees its slot. */
export interface BatchRowPhase {
  videoId: string;
  phase: 'overdue' | 'unresolved' | 'running';
  billed: Billed;
  jobId?: string;
}

/** A row of a partition, with the digest that the isolate cannot compute. */
export interface PartitionRow extends BatchRow {
  requestDigest: string;
}

/** Input of `prepareBatch`. */
export interface PrepareBatchInput {
  manifest: string;
  folder: string;
  /** Time for `{{date}}`, ISO 8601. */
  at: string;
  timeZone: string;
}

/** Result of `prepareBatch`: object keys and row counts of the partitions. */
export interface PreparedBatch {
  partitions: { rows: string; results: string; count: number }[];
}

/** Result of `readRow`: the outcome of a video that another run started, or whose end has no details. */
export type ReadRow =
  | OpenRow
  /** It was stored, but its file has been removed. */
  | { state: 'removed' }
  | (Pick<BatchRowResult, 'jobId' | 'video' | 'failure' | 'billed'> & {
      state: 'stored' | 'failed' | 'cancelled';
    });

/** A video that another run is making. Older workers set `state` only. */
export interface OpenRow extends Partial<Omit<BatchRowPhase, 'videoId'>> {
  state: 'open';
}

/** Result of `leaveRow` for a video that has other waiters: its billing status. */
export type LeftRow = Pick<BatchRowResult, 'jobId' | 'billed'> & { state: 'cancelled' };

interface ReadRowInput extends Pick<PartitionRow, 'requestDigest'> {
  videoId: string;
  wait?: true;
  seen?: BatchRowPhase['phase'];
}

/** The activities of a batch. */
export interface BatchActivities {
  /** Reads the manifest, fills in `{{date}}`, and writes the partitions. */
  prepareBatch(input: PrepareBatchInput): Promise<PreparedBatch>;
  /** Reads the rows of a partition; with `results`, only those that failed with `billed: no`. */
  readPartition(input: { rows: string; results?: string }): Promise<PartitionRow[]>;
  /** Reads the outcome of a video. `wait`: until there is one, or the phase is not `seen`. `waiterId` joins the run. */
  readRow(input: ReadRowInput & Waiter): Promise<ReadRow>;
  /** Leaves a video. Null if it had no other waiter: its run is cancelled and will report its own end. */
  leaveRow(input: { videoId: string } & Waiter): Promise<LeftRow | null>;
  /** Adds or replaces results of a partition. */
  recordResults(input: { key: string; results: BatchRowResult[] }): Promise<void>;
  /** Writes the complete results manifest as JSONL and CSV. */
  mergeResults(input: { parts: string[]; targets: string[] }): Promise<void>;
  /** Leaves all videos. Those without other waiters are stored if paid for, else cancelled. */
  keepRows(input: { videoIds: string[] } & Waiter): Promise<void>;
}
