/** Workflow type name and id of the scheduled retention, one per namespace. */
export const retentionWorkflowType = 'retentionWorkflow';
export const retentionId = 'retention';

/** Input of `retentionWorkflow`. */
export interface RetentionInput {
  /** Videos that were stored longer ago than this are removed, milliseconds. */
  olderThanMs: number;
  /** Only those that were started with this tag. */
  tag?: string;
  /** Only those of this model. */
  model?: string;
}

/** Which stored videos are to go. */
export interface RetentionRule extends Pick<RetentionInput, 'tag' | 'model'> {
  /** Stored before this, milliseconds since the epoch. */
  beforeMs: number;
}

/** Some files. */
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

/** The activities of a retention by signature. */
export interface RetentionActivities {
  /** Removes unfinished files and uploads that nobody will go on with. */
  sweepStorage(): Promise<FileTotal>;
  /** Removes videos with their sidecars; never a claim. */
  removeExpired(rule: RetentionRule): Promise<FileTotal>;
}

/** No delivery goes on for longer: links to results expire after 24 h. What is untouched for so long is abandoned. */
export const abandonedAfterMs = 24 * 3_600_000;
