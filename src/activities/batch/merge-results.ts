import type { BatchActivities, BatchRowResult } from '../../contract/batch.ts';
import { resultsCsv, resultsJsonl } from '../../manifest/results-text.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { checkedKey, readResults } from './batch-objects.ts';

/** Merges the results of all partitions into `results.jsonl` and `results.csv`, one partition in memory at a time. */
export function createMergeResults({
  storage,
}: {
  storage: VideoStorage;
}): BatchActivities['mergeResults'] {
  return async ({ parts, targets }) => {
    for (const target of targets) {
      await writeAll(storage, `${target}/results.jsonl`, { parts, render: resultsJsonl });
      await writeAll(storage, `${target}/results.csv`, { parts, render: csvRows() });
    }
  };
}

async function writeAll(
  storage: VideoStorage,
  key: string,
  { parts, render }: { parts: string[]; render: (results: BatchRowResult[]) => string },
): Promise<void> {
  const file = await storage.stage(checkedKey(key));
  try {
    for (const part of parts) {
      await file.write(Buffer.from(render(await readResults(storage, part))));
    }
    await file.seal();
    await file.commit();
  } finally {
    await file.discard();
  }
}

/** Only the first partition gets the header. */
function csvRows(): (results: BatchRowResult[]) => string {
  let isFirst = true;
  return (results) => {
    const text = resultsCsv(results);
    const shown = isFirst ? text : text.slice(text.indexOf('\n') + 1);
    isFirst = false;
    return shown;
  };
}
