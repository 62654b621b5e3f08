import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  ledgerCheckWorkflowType,
  settlingMs,
  type LedgerActivities,
  type LedgerCheck,
} from '../../src/contract/ledger-check.ts';
import type { LedgerWindow } from '../../src/contract/ledger.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import type { ledgerCheckWorkflow } from '../../src/workflows/index.ts';
import { failureOf, hourMs, onePerFile, startTestBed } from './harness.ts';

const nothing = { count: 0, listed: [] };
const found: LedgerCheck = {
  from: '2026-11-22T10:00:00.000Z',
  to: '2026-11-23T10:00:00.000Z',
  jobsThere: 3,
  jobsHere: 2,
  unknownLocally: {
    count: 1,
    listed: [{ jobId: 'task_x', submittedAt: '2026-11-22T11:00:00.000Z' }],
  },
  missingAtGateway: nothing,
  unresolved: nothing,
};

const windows: LedgerWindow[] = [];
const activities: LedgerActivities = {
  checkLedger: async (window) => {
    windows.push(window);
    if (windows.length === 1) throw new Error('The log does not answer');
    return found;
  },
};

const bed = onePerFile(() => startTestBed(activities));

function check(sinceMs: number) {
  return bed.env.client.workflow.execute<typeof ledgerCheckWorkflow>(ledgerCheckWorkflowType, {
    taskQueue: taskQueues.workflows,
    workflowId: `ledger-check-${randomUUID()}`,
    args: [{ sinceMs }],
  });
}

test('a check looks back from the time of its own run, leaves out jobs that are still settling, and retries until the log answers', async () => {
  const startedAt = await bed.env.currentTimeMs();
  expect(await check(24 * hourMs)).toEqual(found);
  const [first, second] = windows;
  expect(first).toEqual(second);
  expect(second?.fromMs).toBeGreaterThanOrEqual(startedAt - 24 * hourMs);
  expect((second?.toMs ?? 0) - (second?.fromMs ?? 0)).toBe(24 * hourMs - settlingMs);
});

test.each([0, -1, settlingMs, null])(
  'a check of the last %j ms sends no request',
  async (sinceMs) => {
    windows.length = 0;
    const failure = await failureOf(check(sinceMs as number));
    expect(failure.type).toBe('invalid_request');
    expect(windows).toEqual([]);
  },
);
