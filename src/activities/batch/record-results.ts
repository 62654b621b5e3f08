import type { BatchActivities } from '../../contract/batch.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { jsonLines, readResults } from './batch-objects.ts';

/** Adds results to those of a partition and replaces rows that exist already. Idempotent. */
export function createRecordResults({
  storage,
}: {
  storage: VideoStorage;
}): BatchActivities['recordResults'] {
  return async ({ key, results }) => {
    const known = [...(await readResults(storage, key)), ...results];
    const byKey = new Map(known.map((result) => [result.key, result]));
    const sorted = [...byKey.values()].toSorted((a, b) => a.line - b.line);
    await storage.writeSmall(key, Buffer.from(jsonLines(sorted)));
  };
}
