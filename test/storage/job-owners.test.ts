import { expect, test } from 'vitest';
import { createJobOwners } from '../../src/storage/claims/job-owners.ts';
import { jobOwnerKey } from '../../src/identity/object-key.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const gateway = 'https://gateway.test';
const jobId = 'task_1';

async function ownersHarness() {
  const temp = await tempStorage();
  return { ...temp, owners: createJobOwners({ storage: temp.storage, gateway }) };
}

test('of 50 videos that request a job at once, all get the same owner', async () => {
  const { owners } = await ownersHarness();
  const ids = Array.from({ length: 50 }, (_, index) => `video/${index}`);
  const answers = await Promise.all(ids.map((videoId) => owners.take({ jobId, videoId })));
  expect(new Set(answers.map(({ videoId }) => videoId)).size).toBe(1);
  expect(await owners.ownerOf(jobId)).toEqual(answers[0]);
});

test('an owner that requests its job again gets it, and another process finds it', async () => {
  const { owners, storage } = await ownersHarness();
  await owners.take({ jobId, videoId: 'video/a' });
  const later = createJobOwners({ storage, gateway });
  expect(await later.take({ jobId, videoId: 'video/a' })).toEqual({ videoId: 'video/a' });
  expect(await later.take({ jobId, videoId: 'video/b' })).toEqual({ videoId: 'video/a' });
});

test('a job that no video has claimed has no owner', async () => {
  const { owners } = await ownersHarness();
  expect(await owners.ownerOf(jobId)).toBeNull();
});

test('the same job id at another gateway is another job', async () => {
  const { owners, storage } = await ownersHarness();
  await owners.take({ jobId, videoId: 'video/a' });
  const elsewhere = createJobOwners({ storage, gateway: 'https://other.test' });
  expect(await elsewhere.take({ jobId, videoId: 'video/b' })).toEqual({ videoId: 'video/b' });
});

test.each(['task_A', 'task_a', 'task-a', 'task/a', '../task_a', ' task_a', 'täsk_a'])(
  'the job id "%s" is kept byte for byte',
  async (id) => {
    const { owners } = await ownersHarness();
    await owners.take({ jobId: 'task_a ', videoId: 'video/b' });
    expect(await owners.take({ jobId: id, videoId: 'video/a' })).toEqual({ videoId: 'video/a' });
  },
);

test.each([
  ['empty', ''],
  ['cut', '{'],
  ['incomplete', '{"jobId":"task_1"}'],
])('an unreadable owner never makes a job free: %s', async (_, content) => {
  const { owners, storage } = await ownersHarness();
  await storage.writeSmall(jobOwnerKey({ gateway, jobId }), Buffer.from(content));
  await expect(owners.take({ jobId, videoId: 'video/a' })).rejects.toBeInstanceOf(StorageError);
});
