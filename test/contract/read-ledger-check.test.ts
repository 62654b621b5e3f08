import { expect, test } from 'vitest';
import { readLedgerCheck, type LedgerCheck } from '../../src/contract/ledger-check.ts';

test('a check by an earlier worker, which wrote "notHere" and "notThere", is read with the current names', () => {
  const unknown = { count: 1, listed: [{ jobId: 'task_x', submittedAt: '2026-11-22T11:00:00Z' }] };
  const former = { jobsHere: 2, notHere: unknown, notThere: { count: 0, listed: [] } };
  expect(readLedgerCheck(former as unknown as LedgerCheck)).toEqual({
    jobsHere: 2,
    unknownLocally: unknown,
    missingAtGateway: { count: 0, listed: [] },
  });
});
