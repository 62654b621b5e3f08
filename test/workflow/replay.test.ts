import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';

const folder = new URL('../fixtures/histories/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));

let code: string;
beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows', import.meta.url));
  ({ code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }));
});

/** Recorded on a real server; open runs of users look like these when new code is deployed. */
describe('the workflow code of today replays what was recorded', () => {
  test.each(names)('%s', async (name) => {
    const json: unknown = JSON.parse(await readFile(new URL(name, folder), 'utf8'));
    const replay = Worker.runReplayHistory({ workflowBundle: { code } }, historyFromJSON(json));
    await expect(replay).resolves.toBeUndefined();
  });

  test('and there is a history of each class', () => {
    expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'answered-by-claim.json',
      'cancelled-in-back-off.json',
      'cancelled-while-unresolved.json',
      'collected.json',
      'delivery-retried.json',
      'failed-job.json',
      'not-accepted-then-stored.json',
      'overdue-then-stored.json',
      'reconciled.json',
      'reset-while-queued.json',
      'reset-while-stored.json',
      'stored-generations.json',
      'stored-videos.json',
      'unresolved-then-abandoned.json',
      'unresolved-then-adopted.json',
      'unresolved-then-resubmitted.json',
      'worker-lost.json',
    ]);
  });
});
