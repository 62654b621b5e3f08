/** Workflow type of the scheduled pruning. */
export const retentionWorkflowType = 'retentionWorkflow';
/** Its workflow id and schedule id, one per namespace. */
export const retentionId = 'retention';

/** Input of `retentionWorkflow`. */
export interface RetentionInput {
  /** Minimum age of the videos that are removed, milliseconds. */
  olderThanMs: number;
  /** Removes only videos with this tag. */
  tag?: string;
  /** Removes only videos of this model. */
  model?: string;
}

/** Selects the stored videos that are removed. */
export interface RetentionRule extends Pick<RetentionInput, 'tag' | 'model'> {
  /** Selects videos that were stored before this, milliseconds since the epoch. */
  beforeMs: number;
}

/** Number and total size of files. */
export interface FileTotal {
  count: number;
  sizeBytes: number;
}

/** Result of `retentionWorkflow`. */
export interface RetentionResult {
  /** Unfinished files and uploads. */
  swept: FileTotal;
  /** Videos. */
  removed: FileTotal;
}

/** The activities of `retentionWorkflow`. */
export interface RetentionActivities {
  /** Removes abandoned unfinished files and uploads. */
  sweepStorage(): Promise<FileTotal>;
  /** Removes videos with their sidecars, but never claims. */
  removeExpired(rule: RetentionRule): Promise<FileTotal>;
}

/**
 * Unfinished files that are older than this are abandoned: links to results expire after 24 h, so no delivery takes
 * longer.
 */
export const abandonedAfterMs = 24 * 3_600_000;
