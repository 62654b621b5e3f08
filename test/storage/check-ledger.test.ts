import { describe, expect, test } from 'vitest';
import { listedDifferences } from '../../src/contract/ledger-check.ts';
import { checkLedger, type LoggedJob } from '../../src/storage/records/check-ledger.ts';
import { account, gateway, nowMs, useLedger, window } from './ledger-harness.ts';

const { place, pay, deliver } = useLedger();

describe('checkLedger()', () => {
  const at = (jobId: string, submittedAt = nowMs): LoggedJob => ({ jobId, submittedAt });
  const check = (there: LoggedJob[], known: string[] = []) =>
    checkLedger(
      {
        storage: place().storage,
        gateway,
        account,
        findJobs: async ({ fromMs, toMs }) =>
          there.filter(({ submittedAt }) => fromMs <= submittedAt && submittedAt <= toMs),
        isKnown: async (jobId) => known.includes(jobId),
      },
      window,
    );

  test('finds no difference if each job is on both sides, whatever its outcome', async () => {
    await pay('a');
    await deliver('b');
    const checked = await check([at('task_a'), at('task_b'), at('task_run')], ['task_run']);
    expect(checked).toMatchObject({
      jobsThere: 3,
      jobsHere: 1,
      unknownLocally: { count: 0 },
      missingAtGateway: { count: 0 },
      unresolved: { count: 0 },
    });
  });

  test('lists a job of the account that is unknown locally, and the submit that it may belong to', async () => {
    await pay('a', { outcome: { state: 'unknown', message: 'lost' } });
    const { unknownLocally, unresolved } = await check([{ ...at('task_x'), model: 'kling-v1' }]);
    const moment = new Date(nowMs).toISOString();
    expect(unknownLocally.listed).toEqual([
      { jobId: 'task_x', submittedAt: moment, model: 'kling-v1' },
    ]);
    expect(unresolved.listed).toEqual([{ videoId: 'video/a', at: moment, model: 'kling-v1' }]);
  });

  test('lists a submit whose job is missing at the gateway', async () => {
    await pay('a');
    const { missingAtGateway, jobsHere } = await check([]);
    expect(jobsHere).toBe(1);
    expect(missingAtGateway.listed).toMatchObject([{ videoId: 'video/a', jobId: 'task_a' }]);
  });

  test('does not expect jobs of other keys or gateways in the log, but knows the jobs of other keys', async () => {
    await pay('a', { account: 'admission/other' });
    await pay('b', { gateway: 'https://other.test' });
    expect((await check([])).missingAtGateway.count).toBe(0);
    expect((await check([at('task_a'), at('task_b')])).unknownLocally.listed).toMatchObject([
      { jobId: 'task_b' },
    ]);
  });

  test('reports no job at the edge of the window as a difference', async () => {
    await pay('a', { at: window.fromMs - 1_000 });
    await pay('b', { at: window.fromMs + 1_000 });
    await pay('c', { at: window.toMs - 1_000 });
    await pay('d', { at: window.toMs + 1_000 });
    const checked = await check([
      at('task_a', window.fromMs + 1_000),
      at('task_b', window.fromMs - 1_000),
      at('task_c', window.toMs + 1_000),
      at('task_d', window.toMs - 1_000),
    ]);
    expect(checked).toMatchObject({ unknownLocally: { count: 0 }, missingAtGateway: { count: 0 } });
  });

  test('lists some of many differences, and counts all', async () => {
    const many = Array.from({ length: listedDifferences + 5 }, (_, index) => at(`task_${index}`));
    const { unknownLocally } = await check(many);
    expect(unknownLocally).toMatchObject({ count: listedDifferences + 5 });
    expect(unknownLocally.listed).toHaveLength(listedDifferences);
  });

  test('returns no result if a part of the log cannot be read', async () => {
    let asked = 0;
    const findJobs = async () => {
      asked += 1;
      if (asked === 3) throw new Error('no answer');
      return [];
    };
    const { storage } = place();
    const ports = { storage, gateway, account, findJobs, isKnown: async () => false };
    await expect(checkLedger(ports, window)).rejects.toThrow('no answer');
  });
});
