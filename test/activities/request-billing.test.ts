import { describe, expect, test } from 'vitest';
import { requestBilling } from '../../src/activities/resolve/request-billing.ts';
import type { UnclearAnswer } from '../../src/contract/activities.ts';
import type { RequestLogRow } from '../../src/gateway/gateway.ts';

const requestId = '202611290001';
const answer: UnclearAnswer = { requestId, httpStatus: 500, gatewayCode: 'do_request_failed' };
const error: RequestLogRow = { type: 'error', quota: 0, requestId };
const charge: RequestLogRow = { type: 'charge', quota: 70_000, requestId };
const named: RequestLogRow = { ...charge, jobId: 'task_1' };
/** What happens to a job later carries no request id. */
const refund: RequestLogRow = { type: 'refund', quota: 70_000, jobId: 'task_1' };

describe('the request log proves that nothing was billed by', () => {
  test.each<[string, RequestLogRow[]]>([
    ['an error row of exactly this request', [error]],
    ['an error row for each attempt of the gateway', [error, error]],
    ['a charge that was refunded in full', [named, refund]],
    [
      'a charge that was refunded in two parts',
      [named, { ...refund, quota: 30_000 }, { ...refund, quota: 40_000 }],
    ],
    ['a refund of this request', [{ ...refund, requestId }]],
  ])('%s', (_, rows) => {
    expect(requestBilling(rows, answer)).toMatchObject({ billed: 'no' });
  });
});

describe('the request log proves a charge by', () => {
  test.each<[string, RequestLogRow[], string | undefined]>([
    ['its row, which may name the job', [named], 'task_1'],
    ['its row without a job', [charge], undefined],
    ['its row after an attempt that failed', [error, charge], undefined],
    [
      'its row, of which only a difference was refunded',
      [named, { ...refund, quota: 10, settledQuota: 69_990 }],
      'task_1',
    ],
    [
      'its row, beside the refund of another job',
      [named, { ...refund, jobId: 'task_2' }],
      'task_1',
    ],
    [
      'rows that name two jobs, of which none is chosen',
      [named, { ...named, jobId: 'task_2' }],
      undefined,
    ],
    ['a row with a price of 0 that names the job', [{ ...named, quota: 0 }], 'task_1'],
  ])('%s', (_, rows, jobId) => {
    const found = requestBilling(rows, answer);
    expect(found).toMatchObject({ billed: 'yes', ...(jobId !== undefined && { jobId }) });
    if (jobId === undefined) expect(found).not.toHaveProperty('jobId');
  });
});

describe('the request log proves nothing by', () => {
  test.each<[string, RequestLogRow[], Partial<UnclearAnswer>?]>([
    ['no row at all, since it may lag or be switched off', []],
    ['a row without a request id', [{ type: 'error', quota: 0 }]],
    ['a row whose request id only begins like ours', [{ ...error, requestId: `${requestId}0` }]],
    [
      'the error and the refund of another request',
      [
        { ...error, requestId: 'other' },
        { ...refund, requestId: 'other' },
      ],
    ],
    ['the refund of a job that no row of ours names', [refund]],
    ['a refund of a difference', [{ ...refund, requestId, quota: 10, settledQuota: 69_990 }]],
    ['a price of 0: a job was accepted', [{ ...charge, quota: 0 }]],
    [
      'an error row where the answer was a 2xx: another channel may have accepted',
      [error],
      { httpStatus: 200 },
    ],
    ['an error row where nobody knows the status', [error], { httpStatus: 0 }],
    [
      'an error row beside a settlement that failed: that job runs, and is charged',
      [error],
      { gatewayCode: 'task_billing_settlement_failed' },
    ],
  ])('%s', (_, rows, changes = {}) => {
    const given = { ...answer, ...changes } as UnclearAnswer;
    expect(requestBilling(rows, given)).toMatchObject({ billed: 'maybe' });
  });
});
