import type { BatchActivities } from '../../contract/batch.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { createKeepRows, createLeaveRow } from './leave-rows.ts';
import { createMergeResults } from './merge-results.ts';
import { createPrepareBatch } from './prepare-batch.ts';
import { createReadPartition } from './read-partition.ts';
import { createReadRow } from './read-row.ts';
import { createRecordResults } from './record-results.ts';
import { createVideoRuns } from './video-runs.ts';
import { withHeartbeats } from './with-heartbeats.ts';

/** The activities of a batch, over one storage and the server that runs them. All send heartbeats. */
export function createBatchActivities({ storage }: { storage: VideoStorage }): BatchActivities {
  const runs = createVideoRuns();
  return {
    prepareBatch: withHeartbeats(createPrepareBatch({ storage })),
    readPartition: withHeartbeats(createReadPartition({ storage })),
    readRow: withHeartbeats(createReadRow({ runs, storage })),
    recordResults: withHeartbeats(createRecordResults({ storage })),
    mergeResults: withHeartbeats(createMergeResults({ storage })),
    leaveRow: withHeartbeats(createLeaveRow({ runs })),
    keepRows: withHeartbeats(createKeepRows({ runs })),
  };
}
