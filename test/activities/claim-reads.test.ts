import { expect, test } from 'vitest';
import { createAdmittedSubmit } from '../../src/activities/admission/request-admission.ts';
import { createKeyedSubmit } from '../../src/activities/submit/keyed-submit.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { claimKey, input, submitHarness, workflowExecution } from './submit-harness.ts';

const granted = { id: 'admission/x', tags: [], cost: {} };

/** The whole activity as the worker makes it, over a storage that counts what it reads of claims. */
async function harness() {
  const reads: string[] = [];
  let before: string[] | undefined;
  const isClaim = (key: string) => key === claimObjectKey(claimKey);
  const counting = (storage: VideoStorage): VideoStorage => ({
    ...storage,
    head: (key) => {
      if (isClaim(key)) reads.push('head');
      return storage.head(key);
    },
    readSmall: (key, maxBytes) => {
      if (isClaim(key)) reads.push('read');
      return storage.readSmall(key, maxBytes);
    },
    createSmall: (key, bytes) => {
      if (isClaim(key)) before ??= [...reads];
      return storage.createSmall(key, bytes);
    },
  });
  const harness = await submitHarness({ through: counting });
  const asked: string[] = [];
  const admission = {
    id: 'admission/x',
    storageId: 'storage-1',
    ask: async ({ videoId }: { videoId: string }) => {
      asked.push(videoId);
      return { outcome: 'granted' } as const;
    },
    release: async () => {},
  };
  const { claims } = harness;
  const deadlineMs = 60_000;
  const prices = () => Promise.resolve(pricesBy({}));
  const asking = { admission, claims, prices, deadlineMs, maxJobs: 3 };
  const submitVideo = createAdmittedSubmit({ ...asking, submitVideo: harness.post });
  const keyed = createKeyedSubmit({ ...harness, submitVideo, deadlineMs });
  return {
    ...harness,
    asked,
    submit: (more: object = {}) =>
      activityHarness({ workflowExecution }).run(keyed, { ...input, ...more }),
    readsBeforeClaim: () => before,
  };
}

test.each([
  ['that was admitted', { admission: granted }, 0],
  ['that asks the admission itself', {}, 1],
])('a submit %s reads its claim once before it makes it', async (_, more, asks) => {
  const { submit, readsBeforeClaim, gateway, asked } = await harness();
  await submit(more);
  expect(gateway.submitted).toHaveLength(1);
  expect(asked).toHaveLength(asks);
  expect(readsBeforeClaim()).toEqual(['read']);
});

test('of two submits that both found no claim, one is sent', async () => {
  const { submit, claims, gateway } = await harness();
  const first = submit({ admission: granted });
  const second = submit({ admission: granted });
  const answers = await Promise.allSettled([first, second]);
  expect(gateway.submitted).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  expect(await claims.read(claimKey)).not.toBeNull();
});
