import { describe, expect, test } from 'vitest';
import { claim, claimKey, submitHarness, submittedAt } from './submit-harness.ts';

describe('a claim whose key has got another job', () => {
  test('still says what became of its own submit', async () => {
    const { claims } = await submitHarness();
    await claims.acquire(claim);
    await claims.record(claim, { state: 'unknown', message: 'lost' });
    await claims.giveJob(claim, { jobId: 'task_2', submittedAt });
    expect(await claims.read(claimKey)).toMatchObject({
      outcome: { state: 'unknown' },
      endedWith: { jobId: 'task_2' },
    });
    await claims.record(claim, { state: 'accepted', jobId: 'task_1', submittedAt });
    expect(await claims.read(claimKey)).toMatchObject({
      outcome: { jobId: 'task_1' },
      endedWith: { jobId: 'task_2' },
    });
  });

  test('is not freed by a submit that turns out harmless afterwards', async () => {
    const { claims } = await submitHarness();
    await claims.acquire(claim);
    await claims.giveJob(claim, { jobId: 'task_2', submittedAt });
    await claims.release(claim);
    expect(await claims.read(claimKey)).toMatchObject({
      outcome: { state: 'accepted', jobId: 'task_2', withoutPost: true },
    });
  });

  test('is not counted twice: a claim without a POST reserves nothing', async () => {
    const { claims } = await submitHarness();
    const admission = { id: 'admission/a', tags: [], cost: { money: 1 } };
    await claims.giveJob(Object.assign({ admission }, claim), { jobId: 'task_1', submittedAt });
    expect(await claims.read(claimKey)).not.toHaveProperty('admission');
  });
});
