import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  retentionWorkflowType,
  type RetentionActivities,
  type RetentionInput,
  type RetentionRule,
} from '../../src/contract/retention.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import type { retentionWorkflow } from '../../src/workflows/index.ts';
import { failureOf, hourMs, onePerFile, startTestBed } from './harness.ts';

const rules: RetentionRule[] = [];
let sweeps = 0;
const activities: RetentionActivities = {
  sweepStorage: async () => {
    sweeps += 1;
    if (sweeps === 1) throw new Error('The storage is down');
    return { count: 1, sizeBytes: 7 };
  },
  removeExpired: async (rule) => {
    rules.push(rule);
    return { count: 2, sizeBytes: 20 };
  },
};

const bed = onePerFile(() => startTestBed(activities));

function retain(input: RetentionInput) {
  return bed.env.client.workflow.execute<typeof retentionWorkflow>(retentionWorkflowType, {
    taskQueue: taskQueues.workflows,
    workflowId: `retention-${randomUUID()}`,
    args: [input],
  });
}

test('pruning first sweeps leftovers, then removes videos older than its limit, measured at the time of its own run', async () => {
  const startedAt = await bed.env.currentTimeMs();
  const result = await retain({ olderThanMs: 5 * hourMs, tag: 'draft', model: 'sora-2' });
  const endedAt = await bed.env.currentTimeMs();
  expect(result).toEqual({
    swept: { count: 1, sizeBytes: 7 },
    removed: { count: 2, sizeBytes: 20 },
  });
  expect(sweeps).toBe(2);
  expect(rules).toMatchObject([{ tag: 'draft', model: 'sora-2' }]);
  expect(rules[0]?.beforeMs).toBeGreaterThanOrEqual(startedAt - 5 * hourMs);
  expect(rules[0]?.beforeMs).toBeLessThanOrEqual(endedAt - 5 * hourMs);
});

test.each([0, -1, null, 'old'])('pruning of videos older than %j removes nothing', async (age) => {
  rules.length = 0;
  const failure = await failureOf(retain({ olderThanMs: age as number }));
  expect(failure.type).toBe('invalid_request');
  expect(rules).toEqual([]);
});
