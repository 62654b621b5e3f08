import type {
  BatchCounts,
  BatchRowOrigin,
  BatchRowResult,
  PartitionRow,
} from '../../contract/batch.ts';

/** A row of a partition and where it is. */
export interface BookedRow {
  row: PartitionRow;
  videoId: string;
  state: keyof BatchCounts;
  origin: BatchRowOrigin;
  holdsSlot: boolean;
  /** Milliseconds since the epoch. */
  takenAtMs?: number;
  result?: BatchRowResult;
}
