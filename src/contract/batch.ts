import type { Billed, VideoFailure } from './failure.ts';
import type { GenerateVideoInput, SpendCaps } from './messages.ts';
import type { VideoRequest } from './video-request.ts';
import type { Waiter } from './waiter.ts';

/** Workflow type names of a batch, for starting by name. */
export const batchWorkflowTypes = {
  batch: 'videoBatchWorkflow',
  partition: 'videoBatchPartitionWorkflow',
} as const;

/** Every workflow id of a batch is this and its name; a firing of a schedule has Temporal's time behind it. */
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

/** `type` of the ApplicationFailure of a run with `failAtEnd`; `details[0]` is its VideoBatchResult. */
export const batchRowsFailed = 'batch_rows_failed';

/** How many videos of a batch are made at once, unless it says otherwise. */
export const defaultBatchWindow = 20;

/** One row of a manifest, checked; a line of the manifest in storage is one of these as JSON. */
export interface BatchRow {
  /** Unique in the batch; the video's workflow id is `video/<batch>/<key>`. May hold `{{date}}` until a run begins. */
  key: string;
  /** Where the row stood in the person's file, from 1. */
  line: number;
  request: VideoRequest;
  tags: string[];
  /** File name for `batch results --copy`, without a folder. */
  output?: string;
}

/** What became of a row. `cached`: its video was stored already; `joined`: another run was making it. */
export type BatchRowState = 'stored' | 'failed' | 'cancelled' | 'overdue' | 'unresolved';
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
  /** Object key, address, SHA-256 and size of the stored video. */
  video?: { key: string; uri: string; sha256: string; sizeBytes: number; durationSeconds: number };
  failure?: VideoFailure;
  output?: string;
}

/** How many rows of a batch are in which state; every row is in exactly one. */
export interface BatchCounts {
  /** Not started yet. */
  waiting: number;
  /** Being made. */
  running: number;
  /** Another run is making the video; it is waited for. */
  joined: number;
  overdue: number;
  unresolved: number;
  stored: number;
  failed: number;
  cancelled: number;
}

/** How the videos came about that are stored or under way. */
export type BatchOrigins = Record<BatchRowOrigin, number>;

/** Input of `videoBatchWorkflow`. New fields are only ever added, and optional. */
export interface VideoBatchInput extends Pick<GenerateVideoInput, 'retakes' | 'sendAnyway'> {
  /** Lower-case letters, digits, `.`, `_` and `-`. */
  name: string;
  /** Object key of the manifest in storage: one BatchRow as JSON per line. */
  manifest: { key: string };
  /** How many videos are made at once. Default 20. */
  window?: number;
  /** Milliseconds from the submit after which a video counts as overdue. Default: the worker's. */
  deadlineMs?: number;
  /** The moment that `{{date}}` stands for, ISO 8601. Default: what the schedule meant, else the start of the run. */
  at?: string;
  /** IANA time zone in which `{{date}}` is taken. Default UTC. */
  timeZone?: string;
  /** What the batch may spend; admission refuses what would exceed it. */
  caps?: SpendCaps;
  /** End as Failed, after everything is done and recorded, if a row failed: so that a schedule can pause itself. */
  failAtEnd?: true;
}

export type BatchPhase = 'preparing' | 'running' | 'paused' | 'keeping' | 'done' | 'cancelled';

/** Answer of the query `batchStatus`; the last report of each partition, at most some rows old. Times are ISO 8601, UTC. */
export interface BatchStatus {
  name: string;
  phase: BatchPhase;
  /** Absent until the manifest has been read. */
  rows?: number;
  counts: BatchCounts;
  origins: BatchOrigins;
  /** Failed rows with `billed: no`, which `retryFailed` starts again. */
  retryable: number;
  window: number;
  partitions: { total: number; begun: number; ended: number };
  /** The partitions that are under way, with what their last report said. */
  open: { workflowId: string; report: PartitionTally }[];
  startedAt: string;
  /** Prefix of the objects of this run; `<folder>/results-0001.jsonl` and so on grow while it runs. */
  folder: string;
  /** The newest failures, a few. */
  failures: BatchRowFailure[];
}

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
  /** Object keys of the whole results manifest. */
  results: { jsonl: string; csv: string };
}

/** Input of `videoBatchPartitionWorkflow`. */
export interface BatchPartitionInput {
  batch: Pick<VideoBatchInput, 'name' | 'deadlineMs' | 'caps' | 'retakes' | 'sendAnyway'> & {
    runId: string;
  };
  /** From 0. */
  index: number;
  rows: string;
  results: string;
  /** Slots of the window that it may use from the start. */
  slots: number;
  window: number;
  /** Only the rows that failed with `billed: no`. */
  retry?: true;
  /** Of a firing of a schedule: ends although rows are overdue or unresolved, whose videos go on without it. */
  handsOn?: true;
}

/** What a partition knows of its rows. */
export interface PartitionTally {
  counts: BatchCounts;
  origins: BatchOrigins;
  retryable: number;
  failures: BatchRowFailure[];
}

/** Signal `batchPartitionReport` to the batch, and the result of a partition. */
export interface PartitionReport extends PartitionTally {
  index: number;
  /** Slots given back with this report. */
  released: number;
}

/** Signal `batchPartitionControl` to a partition: what changes for it. */
export interface PartitionControl {
  /** More slots of the window. */
  slots?: number;
  paused?: boolean;
  retry?: true;
  keep?: true;
}

/** Signal `batchRowPhase` of a video to its partition: it stands aside, waiting for a verdict or a person, or goes on. */
export interface BatchRowPhase {
  videoId: string;
  phase: 'overdue' | 'unresolved' | 'running';
  billed: Billed;
  jobId?: string;
}

/** A row as it stands in a partition, with what the isolate cannot compute. */
export interface PartitionRow extends BatchRow {
  requestDigest: string;
}

export interface PrepareBatchInput {
  manifest: string;
  folder: string;
  /** The moment that `{{date}}` stands for, ISO 8601. */
  at: string;
  timeZone: string;
}

export interface PreparedBatch {
  partitions: { rows: string; results: string; count: number }[];
}

/** What became of a video that was not started by the asking row, or whose end said too little. */
export type ReadRow =
  | OpenRow
  /** It was stored, and its file is gone. */
  | { state: 'removed' }
  | (Pick<BatchRowResult, 'jobId' | 'video' | 'failure' | 'billed'> & {
      state: 'stored' | 'failed' | 'cancelled';
    });

/** A video that another run is making; answers of older workers have the state alone. */
export interface OpenRow extends Partial<Omit<BatchRowPhase, 'videoId'>> {
  state: 'open';
}

/** A video that others still wait for; what it has cost, or may yet. */
export type LeftRow = Pick<BatchRowResult, 'jobId' | 'billed'> & { state: 'cancelled' };

interface ReadRowInput {
  videoId: string;
  requestDigest: string;
  wait?: true;
  seen?: BatchRowPhase['phase'];
}

/** The activities of a batch by signature. */
export interface BatchActivities {
  /** Reads the manifest, fills in the date, and writes it in parts. */
  prepareBatch(input: PrepareBatchInput): Promise<PreparedBatch>;
  /** The rows of a part; with `results`, only those that failed there with `billed: no`. */
  readPartition(input: { rows: string; results?: string }): Promise<PartitionRow[]>;
  /** The outcome of a video. `wait`: comes back when there is one, or another phase than `seen`; `waiterId` joins the run. */
  readRow(input: ReadRowInput & Waiter): Promise<ReadRow>;
  /** Stops waiting: others keep the video; where nobody waits, its run is cancelled, and tells its end: null. */
  leaveRow(input: { videoId: string } & Waiter): Promise<LeftRow | null>;
  /** Adds results to those of a part, or replaces them. */
  recordResults(input: { key: string; results: BatchRowResult[] }): Promise<void>;
  /** Writes the whole results manifest, JSONL and CSV. */
  mergeResults(input: { parts: string[]; targets: string[] }): Promise<void>;
  /** Nobody of this batch waits any more: others keep theirs; else what is paid is stored, what is not is cancelled. */
  keepRows(input: { videoIds: string[] } & Waiter): Promise<void>;
}
