import { readdir, readFile } from 'node:fs/promises';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundledWorkflows } from '../support/workflow-bundle.ts';

const folder = new URL('../fixtures/histories/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));

/** A batch derives the ids of its children from its own id, which a history does not contain. */
const idOf: Record<string, string> = {
  'batch-handed-on.json': 'batch/lost-2026-11-29T03:00:00.000Z',
  'batch-kept.json': 'batch/kept',
  'batch-left.json': 'batch/left',
  'batch-poor.json': 'batch/poor',
  'batch-stopped.json': 'batch/stopped',
};

/**
 * Recorded on a real server; open runs of users look like these when new code is deployed. `batch-stopped` was recorded
 * before batches left shared videos to other waiters (`leave-rows`), and cannot be recorded again; neither can those of runs
 * before decision 0031 (`lean`). `batch-handed-on` is of the
 * time-skipping server, because a firing waits ten minutes before it leaves open rows to the next one.
 */
describe('the current workflow code replays each recorded history', () => {
  beforeAll(() => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
  });

  test.each(names)('%s', async (name) => {
    const json: unknown = JSON.parse(await readFile(new URL(name, folder), 'utf8'));
    const history = historyFromJSON(json);
    const replay = Worker.runReplayHistory(await bundledWorkflows(), history, idOf[name]);
    await expect(replay).resolves.toBeUndefined();
  });

  test('and each class has a recorded history', () => {
    expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'admission-lists.json',
      'admission.json',
      'adopted-into-its-claim.json',
      'announced-completed.json',
      'announced-unresolved.json',
      'answered-by-claim.json',
      'batch-handed-on-partition.json',
      'batch-handed-on.json',
      'batch-kept-partition.json',
      'batch-kept.json',
      'batch-left-partition.json',
      'batch-left.json',
      'batch-poor-partition.json',
      'batch-poor.json',
      'batch-stopped-partition.json',
      'batch-stopped.json',
      'cancelled-in-back-off.json',
      'cancelled-while-unresolved.json',
      'collected.json',
      'delivery-retried.json',
      'failed-job.json',
      'lean-overdue-then-stored.json',
      'lean-stored-generations.json',
      'lean-stored-videos.json',
      'lean-waited-for-a-slot.json',
      'not-accepted-then-stored.json',
      'overdue-then-stored.json',
      'reconciled.json',
      'reset-after-resubmit.json',
      'reset-while-queued.json',
      'reset-while-stored.json',
      'stored-generations.json',
      'stored-videos.json',
      'unresolved-then-abandoned.json',
      'unresolved-then-adopted.json',
      'unresolved-then-resubmitted.json',
      'waited-for-a-slot.json',
      'worker-lost.json',
    ]);
  });
});
