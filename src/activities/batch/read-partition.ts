import type { BatchActivities, PartitionRow } from '../../contract/batch.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { badBatch, readJsonLines, readResults } from './batch-objects.ts';

/** Reads the rows of a partition; for a retry, only those that failed without being billed. */
export function createReadPartition({
  storage,
}: {
  storage: VideoStorage;
}): BatchActivities['readPartition'] {
  return async ({ rows: key, results }) => {
    const rows = await readJsonLines<PartitionRow>(storage, key);
    if (rows.length === 0) throw badBatch(`There is no partition "${key}" in the storage`);
    if (results === undefined) return rows;
    const failed = (await readResults(storage, results)).filter(
      ({ state, billed }) => state === 'failed' && billed === 'no',
    );
    const keys = new Set(failed.map((result) => result.key));
    return rows.filter((row) => keys.has(row.key));
  };
}
