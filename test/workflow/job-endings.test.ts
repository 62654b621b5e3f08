import { describe, expect, test } from 'vitest';
import type { AdmissionActivities } from '../../src/contract/admission.ts';
import type { JobFailure } from '../../src/contract/video-job.ts';
import { fakeActivities, onePerFile, start, startTestBed } from './harness.ts';

type Left = Parameters<AdmissionActivities['leaveAdmission']>[0];

const leaves: Left[] = [];
const bed = onePerFile(() =>
  startTestBed({ leaveAdmission: async (left?: Left) => void leaves.push(left) }),
);
const now = () => bed.env.currentTimeMs();
const admissionId = 'admission/one';
const failed: JobFailure = { kind: 'task_failed', message: 'inference failed', billed: 'no' };

/** What the admission learns from a job that held a slot and ended in this way. */
async function leftBy(failure?: JobFailure): Promise<Left[]> {
  leaves.length = 0;
  const admission = { id: admissionId, tags: [], cost: {} };
  const activities = fakeActivities(now, {
    ask: () => ({ outcome: 'granted', admission }),
    submit: async () => ({
      jobId: 'task_1',
      submittedAt: await now(),
      warnings: [],
      deadlineMs: 60_000,
      foundInClaim: false,
      admitted: true,
      admissionId,
    }),
    poll: async () => ({
      state: failure ? 'failed' : 'succeeded',
      ...(failure && { failure }),
      askedAt: await now(),
    }),
  });
  await bed.with(activities, async () => {
    const handle = await start(bed.env);
    await handle.result().catch(() => undefined);
  });
  return [...leaves];
}

describe('the admission learns from a job', () => {
  test('that the job was created', async () => {
    expect(await leftBy()).toEqual([{ admissionId, ending: 'made' }]);
  });

  test('that the vendor failed the job, and that it cost nothing', async () => {
    expect(await leftBy(failed)).toEqual([{ admissionId, spent: 'no', ending: 'vendor_failed' }]);
  });

  test('that the vendor failed the job, at an unknown cost', async () => {
    const maybe: JobFailure = { ...failed, kind: 'task_timeout', billed: 'maybe' };
    expect(await leftBy(maybe)).toEqual([{ admissionId, ending: 'vendor_failed' }]);
  });

  test('nothing about its cost if the failure was our own', async () => {
    const own: JobFailure = { kind: 'storage_unavailable', message: 'no storage', billed: 'no' };
    expect(await leftBy(own)).toEqual([{ admissionId }]);
  });

  test('nothing about the vendor if moderation refused the video', async () => {
    expect(await leftBy({ ...failed, about: 'moderation' })).toEqual([
      { admissionId, spent: 'no' },
    ]);
  });
});
